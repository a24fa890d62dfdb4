import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.gate.gateapi.ApiClient;
import io.gate.gateapi.api.WalletApi;
import io.gate.gateapi.api.WithdrawalApi;
import io.gate.gateapi.models.LedgerRecord;

public final class GateApiClient {
    public static void main(String[] arguments) throws Exception {
        JsonObject sim = new Gson().fromJson(System.getenv("SIMULATOR"), JsonObject.class);
        String baseUrl = sim.get("base_url").getAsString();
        ApiClient client = new ApiClient();
        client.setApiKeySecret(sim.get("api_key").getAsString(), sim.get("api_secret").getAsString());

        client.setBasePath(baseUrl);

        String fee = new WalletApi(client).listWithdrawStatus().currency("USDT").execute()
                .get(0).getWithdrawFixOnChains().get("ETH");
        LedgerRecord order = new LedgerRecord();
        order.setCurrency("USDT");
        order.setChain("ETH");
        order.setAddress(System.getenv("ADDRESS"));
        order.setAmount("12.5");
        String id = new WithdrawalApi(client).withdraw(order).getId();
        System.out.printf("{\"read\": \"%s\", \"id\": \"%s\"}%n", fee, id);
    }
}
