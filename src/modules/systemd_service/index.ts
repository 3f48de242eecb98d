import systemd from '../systemd/index.ts';
import { defineModule } from '../types.ts';

/** The newer name of `systemd`. */
export default defineModule({ ...systemd, name: 'systemd_service' });
