import dnf from '../dnf/index.ts';
import { defineModule } from '../types.ts';

/** The older name of `dnf`: where dnf has taken over, yum is a name for it. */
export default defineModule({ ...dnf, name: 'yum' });
