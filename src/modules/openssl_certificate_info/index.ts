import { defineModule } from '../types.ts';
import x509 from '../x509_certificate_info/index.ts';

/** The older name of `x509_certificate_info`. */
export default defineModule({ ...x509, name: 'openssl_certificate_info' });
