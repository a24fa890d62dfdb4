import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests to Sluice and verifies its webhooks, with Java's own library alone. */
final class SluiceSigning {
    private static final long TOLERANCE_SECONDS = 300;

    private SluiceSigning() {}

    /** The header X-CPG-Signature. Query and body are what is sent, to the letter; timestamp is the header's text. */
    static String signRequest(
            String secret, String timestamp, String method, String path, String query, byte[] body) {
        String canonical = String.join("\n", timestamp, method.toUpperCase(), path, query, sha256Hex(body));
        return HexFormat.of().formatHex(hmac(utf8(secret), utf8(canonical)));
    }

    /** Whether a webhook was signed with one of these secrets in the last 300 s. Names of headers are in lower case. */
    static boolean isGenuine(List<String> secrets, Map<String, String> headers, byte[] body, long nowSeconds) {
        boolean standard = headers.containsKey("webhook-signature"); // Standard Webhooks
        String timestamp = headers.getOrDefault(standard ? "webhook-timestamp" : "x-cpg-timestamp", "");
        if (!timestamp.matches("[0-9]{1,12}")) return false;
        if (Math.abs(nowSeconds - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) return false;

        String id = headers.getOrDefault("webhook-id", "");
        List<String> given = standard
                ? versionOne(headers.get("webhook-signature"))
                : List.of(headers.getOrDefault("x-cpg-signature", ""));
        Function<String, String> expected = standard
                ? secret -> Base64.getEncoder().encodeToString(hmac(keyOf(secret), utf8(id + "." + timestamp + "."), body))
                : secret -> HexFormat.of().formatHex(hmac(utf8(secret), utf8(timestamp + "\n"), body));
        return secrets.stream().map(expected).anyMatch(good -> given.stream().anyMatch(one -> isEqual(one, good)));
    }

    private static List<String> versionOne(String header) {
        return Arrays.stream(header.split(" ")).filter(part -> part.startsWith("v1,")).map(part -> part.substring(3)).toList();
    }

    private static byte[] keyOf(String secret) {
        return Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    }

    /** Takes as long whatever the two have in common. */
    private static boolean isEqual(String a, String b) {
        return MessageDigest.isEqual(utf8(a), utf8(b));
    }

    private static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) mac.update(part);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
