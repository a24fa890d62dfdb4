/** Texts of each finding: what is wrong, what follows from it, and the remedy. */
export const FINDINGS = {
  'clock-differs': `The clock of {0} is {1} s {2} that of this machine.
    One of the two is wrong: tokens, certificates, retention and the times that people read go by them.
    Check the time synchronisation (NTP) of both; if every clock differs, the clock of this machine is wrong.`,
  'database-login-shared': `{1} use one database login, {0}.
    A thief of one login has the database rights of the others.
    Give each service a database and a login of its own.`,
  'database-shared': `{1} use one database, {0}.
    Their tables have the same names: one takes the messages and the history of the other for its own.
    Give each service a database of its own.`,
  'kafka-login-none': `{0} speaks to Kafka without a login.
    Its rights there differ from those of its own login: too many, or too few.
    Set KAFKA_USERNAME={0} and the password of that login.`,
  'kafka-login-other': `{0} speaks to Kafka as {1}.
    Its rights there differ from those of its own login: too many, or too few.
    Set KAFKA_USERNAME={0} and the password of that login.`,
  'message-key-not-shared': `{0} signs messages to {1} with the key {2}, which {1} {3}.
    {1} believes no message of {0}: orders and facts become dead letters.
    Put the same key into MESSAGE_KEYS_FILE of both, start both anew, and replay the dead letters.`,
  'message-key-old': `{0} a key beside the signing key: {1}.
    A change of keys has not ended: who has the old key is still believed.
    Once nothing signed with it is under way, take it out of MESSAGE_KEYS_FILE of both.`,
  'console-without-passkey': `{0} trusts tokens of {1}, the console's client, without a passkey.
    A thief of the console with the tokens of two people decides at {0} what takes two people.
    Take {1} out of CLIENTS_WITHOUT_PASSKEY of {0}, then start {0} and the console anew.`,
  'versions-mixed': `The services are of several releases: {0}.
    That works for neighbouring releases while an upgrade is under way, and for no others.
    End the upgrade, or roll it back.`,
  'service-away': `{0}.
    Its work is stopped, and its own checks are unknown.
    Start it, or correct its address in the run file.`,
  'database-not-migrated': `It is not ready: {0}.
    It waits, and does nothing until its database is of its release.
    Run this release's dist/migrate.js with the owner's login; the service then goes on by itself.`,
  'service-unready': `It is not ready: {0}.
    It gets no work, and what waits for it waits longer.
    See "A service is unready" in docs/operations/runbook.md.`,
  'kafka-away': `Kafka at {0} cannot be asked{1}: {2}.
    Unless it is this command alone that cannot, nothing moves.
    Check the network to the brokers, the authority of their certificates, and the given login.`,
  'brokers-few': `There are {0} brokers, and each record is to be kept by {1}.
    The loss of a broker loses the records without a copy, or stops all writes.
    Add brokers; if fewer are intended, give --replication-factor.`,
  'kafka-plain': `This command speaks to Kafka at {0} without TLS.
    A reader of the network sees recipients, amounts, and the password of the administrator.
    Give the brokers certificates, and set SLUICE_KAFKA_TLS_CA_FILE.`,
  'topics-made-by-use': `Topics are created by being used (auto.create.topics.enable) at {0}.
    A misspelt topic is created with one partition and without copies, unnoticed.
    Set auto.create.topics.enable=false.`,
  'unclean-election': `A broker without the newest records may become leader (unclean.leader.election.enable) at {0}.
    Records that were acknowledged are lost; what heals them takes minutes.
    Set unclean.leader.election.enable=false.`,
  'kafka-logins-unknown': `Kafka knows logins that are no service and have no rights: {0}.
    They are left over, or superusers, who may do everything without a right that is listed.
    Delete them (kafka-configs.sh --delete-config SCRAM-SHA-512); those that are meant are named with --known-login.`,
  'kafka-open': `This Kafka has no authorizer and checks no rights.
    Every client that reaches it may write the messages of any service.
    Set authorizer.class.name and allow.everyone.if.no.acl.found=false, then run the job of the topics.`,
  'kafka-rights-missing': `The login {0} lacks at Kafka: {1}.
    Its messages on this topic are stopped, and the service is unready.
    Run the job of the topics ("sluice topics apply", or the chart's): it gives what is missing.`,
  'kafka-rights-surplus': `The login {0} has forbidden rights at Kafka: {1}.
    A thief of this service can write or read topics of other services.
    Take it away: kafka-acls.sh --remove with exactly these words.`,
  'kafka-rights-everybody': `Everybody has at Kafka: {1}.
    A reader may read only the public topics; services accept its writes as their own.
    Take it away: kafka-acls.sh --remove with exactly these words. A login that is meant to have it is named with --known-login.`,
  'kafka-rights-unknown': `The login {0}, which is no service, has at Kafka: {1}.
    A reader may read only the public topics; services accept its writes as their own.
    Take it away: kafka-acls.sh --remove with exactly these words. A login that is meant to have it is named with --known-login.`,
  'topic-missing': `There is no topic {0}.
    Messages for it wait at their sender, which is unready.
    Run the job of the topics ("sluice topics apply", or the chart's): it makes what is missing.`,
  'topic-partitions-few': `Fewer than {1} partitions: {0}.
    No more instances of a service can work at once than a topic has partitions.
    Add partitions while no withdrawal is in progress, because keys move; if fewer are intended, give --partitions.`,
  'topic-copies-few': `Fewer than {1} copies: {0}.
    What only a lost broker had is lost; what heals it takes minutes.
    Raise the replication factor (kafka-reassign-partitions.sh); if fewer are intended, give --replication-factor.`,
  'topic-without-leader': `A partition of {0} has no leader.
    It accepts and serves no record: messages with its keys wait.
    Bring the brokers back that have its copies.`,
  'topic-copies-late': `Copies are missing or behind for {0}.
    One broker more that is lost stops the topic or loses records.
    Find the broker that is away, full or slow.`,
  'topic-compacted': `cleanup.policy is wrong for {0}.
    Of several messages of one key Kafka keeps the last: orders and facts are lost.
    Set cleanup.policy=delete.`,
  'topic-kept-too-long': `retention.ms is wrong for {0}.
    A consumer that begins anew meets messages that its inbox has forgotten: they would count twice.
    Set retention.ms to less than 14 days (1209600000).`,
  'topic-kept-too-short': `retention.ms is wrong for {0}.
    A consumer that is away for longer misses messages.
    Set retention.ms to more than the longest outage, a day (86400000) at least.`,
  'topic-bounded-by-size': `retention.bytes is wrong for {0}.
    A burst deletes unread messages.
    Set retention.bytes=-1.`,
  'topic-insync-few': `min.insync.replicas is wrong for {0}.
    A record counts as stored when one broker has it: it is lost with that broker.
    Set min.insync.replicas=2.`,
  'dead-letters-waiting': `{0} waiting: {1}.
    The effect of the message is missing here.
    sluice dead-letter list; replay it when the cause is gone, or drop it with a reason.`,
  'halts-in-force': `{0} in force: {1}.
    Nothing that it covers is taken or sent.
    sluice halt list; two people lift it when its cause is found and gone.`,
  'book-halted': `{0} in force: {1}.
    Nothing from Kafka is booked: no hold is placed, and no payment captured.
    sluice ledger halts; see "When the ledger has stopped" in docs/operator.md.`,
  'order-cases-open': `{0} open: {1}.
    The ledger has refused an order that no customer signed like this.
    sluice order-case list; find out where the order came from.`,
  'breaks-open': `{0} open: {1}.
    A payment of {2} differs from our order, and its halt stays in force.
    sluice breaks list; close it with what was found out.`,
  'cases-open': `{0} open: {1}.
    A submission cannot end by itself.
    See "A case is open" in docs/operations/runbook.md.`,
} as const;
