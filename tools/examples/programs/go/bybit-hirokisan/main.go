package main

import (
	"time"

	"github.com/hirokisan/bybit/v2"

	"sluice.local/simulator-clients/simulator"
)

func main() {
	sim, address := simulator.Read()

	client := bybit.NewClient().WithBaseURL(sim.BaseURL).WithAuth(sim.Key, sim.Secret)

	assets := client.V5().Asset()
	usdt, chain, fund := bybit.CoinUSDT, "ETH", bybit.AccountTypeV5FUND
	coins, err := assets.GetCoinInfo(bybit.V5GetCoinInfoParam{Coin: &usdt})
	simulator.Must(err)
	taken, err := assets.Withdraw(bybit.V5WithdrawParam{
		Coin: usdt, Chain: &chain, Address: address, Amount: "12.5",
		Timestamp: time.Now().UnixMilli(), AccountType: &fund,
	})
	simulator.Must(err)
	simulator.Tell(coins.Result.Rows[0].Name, taken.Result.ID)
}
