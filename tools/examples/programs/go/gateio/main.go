package main

import (
	"context"

	"github.com/antihax/optional"
	gateapi "github.com/gateio/gateapi-go/v7"

	"sluice.local/simulator-clients/simulator"
)

func main() {
	sim, address := simulator.Read()
	client := gateapi.NewAPIClient(gateapi.NewConfiguration())

	client.ChangeBasePath(sim.BaseURL)

	key := gateapi.GateAPIV4{Key: sim.Key, Secret: sim.Secret}
	ctx := context.WithValue(context.Background(), gateapi.ContextGateAPIV4, key)
	usdt := &gateapi.ListWithdrawStatusOpts{Currency: optional.NewString("USDT")}
	fees, _, err := client.WalletApi.ListWithdrawStatus(ctx, usdt)
	simulator.Must(err)
	order := gateapi.LedgerRecord{Currency: "USDT", Chain: "ETH", Address: address, Amount: "12.5"}
	taken, _, err := client.WithdrawalApi.Withdraw(ctx, order)
	simulator.Must(err)
	simulator.Tell(fees[0].WithdrawFixOnChains["ETH"], taken.Id)
}
