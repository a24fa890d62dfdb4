module sluice.local/simulator-clients

go 1.24

require (
	github.com/antihax/optional v1.0.0
	github.com/bybit-exchange/bybit.go.api v0.0.0-20250727214011-c9347d6804d6
	github.com/gateio/gateapi-go/v7 v7.1.8
	github.com/hirokisan/bybit/v2 v2.36.0
)

require (
	github.com/bitly/go-simplejson v0.5.1 // indirect
	github.com/google/go-querystring v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/gorilla/websocket v1.5.3 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
)
