// Asks for one withdrawal: `go run ./cmd/pay REFERENCE`, with SLUICE_URL, SLUICE_KEY_ID and SLUICE_SECRET in the environment.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	signing "sluice.example/signing"
)

type order struct {
	Currency        string `json:"currency"`
	Network         string `json:"network"`
	ToAddress       string `json:"to_address"`
	Amount          string `json:"amount"` // text: a float would round it
	ClientReference string `json:"client_reference"`
}

// By an equal request with this timestamp: sign it with another one.
var used = []byte("Request signature has already been used")

var client = http.Client{Timeout: 15 * time.Second}

func main() {
	reference := os.Args[1]
	body, err := json.Marshal(order{"USDT", "TRX", "TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL", "25", reference})
	if err != nil {
		panic(err)
	}
	// Each attempt has the same reference, so all of them are one withdrawal.
	for attempt := 0; attempt < 5; attempt++ {
		status, answer, err := post(body)
		if err == nil && !isUnfinished(status) && !bytes.Contains(answer, used) {
			fmt.Println(string(answer))
			if status != http.StatusOK {
				os.Exit(1)
			}
			return
		}
		time.Sleep(time.Second << attempt) // no answer proves nothing: it may be paid
	}
	fmt.Fprintf(os.Stderr, "the outcome of %s is unknown: ask again with the same reference\n", reference)
	os.Exit(1)
}

func post(body []byte) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, os.Getenv("SLUICE_URL")+"/v1/withdrawals", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.GetBody = nil // Go is not to send it again by itself, with a signature that counts once
	request.Header.Set("Content-Type", "application/json")
	signing.Sign(request, os.Getenv("SLUICE_KEY_ID"), os.Getenv("SLUICE_SECRET"), body, time.Now())
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

func isUnfinished(status int) bool {
	switch status {
	case 408, 429, 500, 503, 504:
		return true
	}
	return false
}
