/** The two versions of Micro Integrator that the miniature plays. */
export type MiVersion = '4.0.0' | '4.1.0';

/** Which of the libraries inside changed between the versions (pom.xml of the two tags of wso2/micro-integrator). */
export interface BundledVersions {
  readonly kernel: string;
  readonly configMapper: string;
  readonly axis2: string;
  readonly synapse: string;
  readonly axiom: string;
  readonly rampart: string;
  readonly log4j: string;
  readonly guava: string;
}

/** The libraries of each version. */
export const bundledVersions: Readonly<Record<MiVersion, BundledVersions>> = {
  '4.0.0': {
    kernel: '4.6.2',
    configMapper: '1.0.18',
    axis2: '1.6.1-wso2v63',
    synapse: '2.1.7-wso2v227',
    axiom: '1.2.11-wso2v17',
    rampart: '1.6.1-wso2v39',
    log4j: '2.12.0',
    guava: '27.0.0',
  },
  '4.1.0': {
    kernel: '4.6.3',
    configMapper: '1.0.20',
    axis2: '1.6.1-wso2v80',
    synapse: '2.1.7-wso2v271',
    axiom: '1.2.11-wso2v22',
    rampart: '1.7.0-wso2v1',
    log4j: '2.17.1',
    guava: '31.0.1',
  },
};
