// Package simulator reads where the simulator is, and tells what came of the calls.
package simulator

import (
	"encoding/json"
	"fmt"
	"os"
)

// Credentials are those of GET /_sim/credentials.
type Credentials struct {
	BaseURL string `json:"base_url"`
	Key     string `json:"api_key"`
	Secret  string `json:"api_secret"`
}

// Read takes them from the environment, with the address to pay to.
func Read() (sim Credentials, address string) {
	Must(json.Unmarshal([]byte(os.Getenv("SIMULATOR")), &sim))
	return sim, os.Getenv("ADDRESS")
}

// Tell prints what was read and the id of the withdrawal.
func Tell(read, id any) {
	line, err := json.Marshal(map[string]any{"read": read, "id": id})
	Must(err)
	fmt.Println(string(line))
}

// Must ends the program with an error.
func Must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
