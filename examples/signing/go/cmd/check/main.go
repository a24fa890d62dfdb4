// Answers each line of questions, for tests: a word and its fields in base64. See examples/signing/README.md.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	signing "sluice.example/signing"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		fields := make([]string, 0, len(words))
		for _, word := range words[1:] {
			bytes, err := base64.StdEncoding.DecodeString(word)
			if err != nil {
				panic(err)
			}
			fields = append(fields, string(bytes))
		}
		last := len(fields) - 1
		fmt.Println(answer(words[0], fields[:last], []byte(fields[last])))
	}
}

func answer(word string, fields []string, body []byte) string {
	if word == "request" {
		return signing.SignRequest(fields[0], fields[1], fields[2], fields[3], fields[4], body)
	}
	headers := http.Header{}
	for at := 2; at < len(fields); at += 2 {
		headers.Set(fields[at], fields[at+1])
	}
	now, _ := strconv.ParseInt(fields[1], 10, 64)
	if signing.IsGenuine(fields[:1], headers, body, time.Unix(now, 0)) {
		return "genuine"
	}
	return "refused"
}
