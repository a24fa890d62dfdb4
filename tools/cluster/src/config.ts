import { choice, readConfig, text, type Environment } from '@sluice/runtime';

/** Settings of the operator for the test machine. */
export const clusterConfig = (env: Environment = process.env) =>
  readConfig(env, {
    /** Path of the kubeconfig of an existing cluster; empty: start a cluster on this machine. */
    kubeconfig: text('KUBECONFIG', ''),
    /** Address of this machine for the pods of the existing cluster. */
    host: text('CLUSTER_HOST', ''),
    /**
     * Registry and folder of the images, with a trailing slash, for pulls by the existing cluster.
     */
    imagePrefix: text('IMAGE_PREFIX', ''),
    engine: choice('CONTAINER_ENGINE', ['podman', 'docker'], 'podman'),
    java: text('JAVA_HOME', ''),
  });
