import { dnfParams } from '../dnf/params.ts';
import { dnfNeeds, planDnf } from '../dnf/plan.ts';
import { defineModule } from '../types.ts';

// Where dnf has taken over, yum is a name for it.
const PROGRAMS = ['dnf5', 'dnf', 'yum'];

/** Packages of older RHEL and its relatives. */
export default defineModule({
  name: 'yum',
  summary: 'Installs, upgrades and removes RPM packages.',
  params: dnfParams,
  needs: (given, seen) => dnfNeeds(PROGRAMS, given, seen),
  plan: (given, seen, context) => planDnf(PROGRAMS, given, seen, context),
});
