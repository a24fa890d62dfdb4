import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Asks for one withdrawal: `java Pay REFERENCE`, with SLUICE_URL, SLUICE_KEY_ID and SLUICE_SECRET in the environment. */
final class Pay {
    private static final String PATH = "/v1/withdrawals";
    /** Send it again. */
    private static final Set<Integer> UNFINISHED = Set.of(408, 429, 500, 503, 504);
    /** By an equal request with this timestamp: sign it with another one. */
    private static final String USED = "Request signature has already been used";
    /** The API accepts a signature once. Processes that share a key draw their seconds at random, so that equal requests rarely collide. */
    private static final long SPREAD_SECONDS = 150;
    /** The seconds that this process has used already: at most five of them, one for each attempt. */
    private static final Set<Long> DRAWN = new HashSet<>();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Pay() {}

    public static void main(String[] args) throws InterruptedException {
        String reference = args[0];
        byte[] body = SluiceSigning.utf8("""
                {"currency":"USDT","network":"TRX","to_address":"TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL","amount":"25","client_reference":"%s"}"""
                .formatted(reference));
        // Each attempt has the same reference, so all of them are one withdrawal.
        for (int attempt = 0; attempt < 5; attempt++) {
            try {
                HttpResponse<String> answer = CLIENT.send(signed(body), HttpResponse.BodyHandlers.ofString());
                if (!UNFINISHED.contains(answer.statusCode()) && !answer.body().contains(USED)) {
                    System.out.println(answer.body());
                    System.exit(answer.statusCode() == 200 ? 0 : 1);
                }
            } catch (IOException e) {
                // No answer proves nothing: it may be paid.
            }
            Thread.sleep(1000L << attempt);
        }
        System.err.printf("the outcome of %s is unknown: ask again with the same reference%n", reference);
        System.exit(1);
    }

    private static long unusedSecond(long now) {
        long second;
        do second = now + ThreadLocalRandom.current().nextLong(-SPREAD_SECONDS, SPREAD_SECONDS + 1);
        while (!DRAWN.add(second));
        return second;
    }

    private static HttpRequest signed(byte[] body) {
        String timestamp = Long.toString(unusedSecond(Instant.now().getEpochSecond()));
        String signature = SluiceSigning.signRequest(System.getenv("SLUICE_SECRET"), timestamp, "POST", PATH, "", body);
        return HttpRequest.newBuilder(URI.create(System.getenv("SLUICE_URL") + PATH))
                .timeout(Duration.ofSeconds(15))
                .header("X-CPG-Key", System.getenv("SLUICE_KEY_ID"))
                .header("X-CPG-Timestamp", timestamp)
                .header("X-CPG-Signature", signature)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
