import { defineModule } from '../types.ts';
import { dnfParams } from './params.ts';
import { dnfNeeds, planDnf } from './plan.ts';

/** Packages of Fedora, RHEL and their relatives. */
export default defineModule({
  name: 'dnf',
  summary: 'Installs, upgrades and removes RPM packages.',
  params: dnfParams,
  needs: dnfNeeds,
  plan: planDnf,
});
