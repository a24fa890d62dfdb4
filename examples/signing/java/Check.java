import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers each line of questions, for tests: a word and its fields in base64. See examples/signing/README.md. */
final class Check {
    private Check() {}

    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            byte[][] values = Arrays.stream(words).skip(1).map(Base64.getDecoder()::decode).toArray(byte[][]::new);
            byte[] body = values[values.length - 1];
            String[] texts = Arrays.stream(values).map(value -> new String(value, StandardCharsets.UTF_8)).toArray(String[]::new);
            System.out.println(words[0].equals("request")
                    ? SluiceSigning.signRequest(texts[0], texts[1], texts[2], texts[3], texts[4], body)
                    : webhook(texts, body));
        }
    }

    private static String webhook(String[] texts, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        for (int at = 2; at < texts.length - 1; at += 2) headers.put(texts[at], texts[at + 1]);
        boolean genuine = SluiceSigning.isGenuine(List.of(texts[0]), headers, body, Long.parseLong(texts[1]));
        return genuine ? "genuine" : "refused";
    }
}
