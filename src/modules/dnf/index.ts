import { defineModule } from '../types.ts';
import { dnfParams } from './params.ts';
import { dnfNeeds, planDnf } from './plan.ts';

const PROGRAMS = ['dnf5', 'dnf', 'yum'];

/** Packages of Fedora, RHEL and their relatives. */
export default defineModule({
  name: 'dnf',
  summary: 'Installs, upgrades and removes RPM packages.',
  params: dnfParams,
  needs: (given, seen) => dnfNeeds(PROGRAMS, given, seen),
  plan: (given, seen, context) => planDnf(PROGRAMS, given, seen, context),
});
