import type { MiVersion } from '../versions.ts';

/** Gives the pack's `README.txt`: the first line as the product has it, then what this really is. */
export function readme(version: MiVersion): string {
  return ` WSO2 Micro Integrator ${version}

THIS IS A FIXTURE. It is not WSO2 software and integrates nothing.

It was made by "cutover lab up --wso2", so that an upgrade can be practised and tested on a laptop. It has the
folders, scripts, ports, log lines, health and management answers of Micro Integrator ${version}, and the same
unpleasant habits when it starts and stops. Its Java is a small Node program.

Faults. The file "miniature.json" in the practice host's own folder has a list "faults"; a node reads it when it
starts. All but slow-stop show only on the version that "faultsOn" names (4.1.0).
  faulty-capp        the first Carbon application fails with a DeploymentException (health says so)
  broken-capp        the first Carbon application fails with another exception (health stays green)
  never-ready        the process lives, but opens no port
  slow-start         ports open after "slowStartMs"
  slow-stop          the process ends "slowStopMs" after it was told to, on any version
  port-taken         something else listens on the HTTP port
  crash              the process dies "crashAfterMs" after it started
  lost-api           one API is not there after the start, and nothing says so
`;
}
