// Requests one withdrawal through a client that OpenAPI Generator made: `go run . REFERENCE`, with SLUICE_URL, SLUICE_KEY_ID
// and SLUICE_SECRET in the environment and the generated client in the folder `generated`.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"sluice.example/generated/sluiceapi"
	"sluice.example/signing"
)

// signer signs each request over the bytes that are sent.
type signer struct{ keyID, secret string }

func (s signer) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
	}
	signed := request.Clone(request.Context())
	signed.Body = io.NopCloser(bytes.NewReader(body))
	signed.GetBody = nil // Go must not repeat a request by itself: the API accepts a signature once
	signing.Sign(signed, s.keyID, s.secret, body, time.Now())
	return http.DefaultTransport.RoundTrip(signed)
}

func main() {
	order := sluiceapi.NewCreateWithdrawalDto("USDT", "TRX", "25") // the amount is text: a float would round it
	order.SetToAddress("TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL")
	order.SetClientReference(os.Args[1])

	configuration := sluiceapi.NewConfiguration()
	configuration.Servers = sluiceapi.ServerConfigurations{{URL: os.Getenv("SLUICE_URL")}}
	configuration.HTTPClient = &http.Client{
		Timeout:   15 * time.Second,
		Transport: signer{os.Getenv("SLUICE_KEY_ID"), os.Getenv("SLUICE_SECRET")},
	}
	api := sluiceapi.NewAPIClient(configuration).WithdrawalsAPI
	answer, _, err := api.RequestWithdrawal(context.Background()).CreateWithdrawalDto(*order).Execute()
	if err != nil {
		fmt.Fprintf(os.Stderr, "the outcome of %s is unknown unless the API refused it: %s\n", os.Args[1], explain(err))
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		panic(err)
	}
}

// explain adds the body of a refusal to the error.
func explain(err error) string {
	var refusal *sluiceapi.GenericOpenAPIError
	if errors.As(err, &refusal) {
		return fmt.Sprintf("%s %s", err, refusal.Body())
	}
	return err.Error()
}
