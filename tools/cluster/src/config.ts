import { choice, readConfig, text, type Environment } from '@sluice/config';

/** What a person says of where it runs. */
export const clusterConfig = (env: Environment = process.env) =>
  readConfig(env, {
    /** An existing cluster; empty: one is brought up on this machine. */
    kubeconfig: text('KUBECONFIG', ''),
    /** Under which address that cluster's pods reach this machine. */
    host: text('CLUSTER_HOST', ''),
    /** Registry and folder of the images, with the slash, from which that cluster pulls them. */
    imagePrefix: text('IMAGE_PREFIX', ''),
    /** With Kafka's own tools in it. */
    kafkaImage: text('KAFKA_IMAGE', 'apache/kafka:4.3.0'),
    engine: choice('CONTAINER_ENGINE', ['podman', 'docker'], 'podman'),
    java: text('JAVA_HOME', ''),
  });
