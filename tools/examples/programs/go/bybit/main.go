package main

import (
	"context"
	"time"

	bybit "github.com/bybit-exchange/bybit.go.api"

	"sluice.local/simulator-clients/simulator"
)

func main() {
	sim, address := simulator.Read()

	client := bybit.NewBybitHttpClient(sim.Key, sim.Secret, bybit.WithBaseURL(sim.BaseURL))

	ask := client.NewUtaBybitServiceWithParams
	coins, err := ask(map[string]any{"coin": "USDT"}).GetCoinInfo(context.Background())
	simulator.Must(err)
	taken, err := ask(map[string]any{
		"coin": "USDT", "chain": "ETH", "address": address, "amount": "12.5",
		"timestamp": time.Now().UnixMilli(), "forceChain": 1, "accountType": "FUND",
	}).CreateWithdraw(context.Background())
	simulator.Must(err)
	simulator.Tell(coins.RetMsg, taken.Result.(map[string]any)["id"])
}
