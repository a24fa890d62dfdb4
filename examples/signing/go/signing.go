// Package signing signs requests to Sluice and verifies its webhooks, with Go's own library alone.
package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Tolerance is how old a webhook may be, or how far ahead.
const Tolerance = 300 * time.Second

// spreadSeconds bounds how far a timestamp is drawn from the present. The API accepts a signature once; processes that
// share a key draw their seconds at random, so that equal requests rarely collide.
const spreadSeconds = 150

// drawn has the seconds that this process has used already.
var (
	drawnLock sync.Mutex
	drawn     = map[int64]bool{}
)

// unusedSecond draws a second near now that this process has not used within the window. Once all of them are used, it is any of them.
func unusedSecond(now int64) int64 {
	drawnLock.Lock()
	defer drawnLock.Unlock()
	var free []int64
	for second := now - spreadSeconds; second <= now+spreadSeconds; second++ {
		if !drawn[second] {
			free = append(free, second)
		}
	}
	for second := range drawn {
		if second < now-spreadSeconds {
			delete(drawn, second)
		}
	}
	if len(free) == 0 {
		return now + rand.Int63n(2*spreadSeconds+1) - spreadSeconds
	}
	second := free[rand.Intn(len(free))]
	drawn[second] = true
	return second
}

// SignRequest returns the header X-CPG-Signature. Query and body are what is sent, to the letter; timestamp is the header's text.
func SignRequest(secret, timestamp, method, path, query string, body []byte) string {
	hash := sha256.Sum256(body)
	fields := []string{timestamp, strings.ToUpper(method), path, query, hex.EncodeToString(hash[:])}
	return hex.EncodeToString(sum([]byte(secret), []byte(strings.Join(fields, "\n"))))
}

// Sign sets the three headers of a request that is sent now. Sign each attempt anew: the API accepts a signature once.
func Sign(request *http.Request, keyID, secret string, body []byte, now time.Time) {
	timestamp := strconv.FormatInt(unusedSecond(now.Unix()), 10)
	url := request.URL
	request.Header.Set("X-CPG-Key", keyID)
	request.Header.Set("X-CPG-Timestamp", timestamp)
	request.Header.Set("X-CPG-Signature",
		SignRequest(secret, timestamp, request.Method, url.EscapedPath(), url.RawQuery, body))
}

// IsGenuine tells whether a webhook was signed with one of these secrets within the tolerance. Body is the bytes as they came.
func IsGenuine(secrets []string, headers http.Header, body []byte, now time.Time) bool {
	timestamp := headers.Get("X-CPG-Timestamp")
	given := []string{headers.Get("X-CPG-Signature")}
	expected := func(secret string) string {
		return hex.EncodeToString(sum([]byte(secret), []byte(timestamp+"\n"), body))
	}
	if standard := headers.Get("Webhook-Signature"); standard != "" { // Standard Webhooks
		timestamp = headers.Get("Webhook-Timestamp")
		given = versionOne(standard)
		expected = func(secret string) string {
			key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
			if err != nil {
				return ""
			}
			signed := headers.Get("Webhook-Id") + "." + timestamp + "."
			return base64.StdEncoding.EncodeToString(sum(key, []byte(signed), body))
		}
	}
	seconds, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil || now.Sub(time.Unix(int64(seconds), 0)).Abs() > Tolerance {
		return false
	}
	for _, secret := range secrets {
		for _, signature := range given {
			good := expected(secret)
			if good != "" && hmac.Equal([]byte(good), []byte(signature)) {
				return true
			}
		}
	}
	return false
}

func versionOne(header string) []string {
	var signatures []string
	for _, part := range strings.Split(header, " ") {
		if signature, found := strings.CutPrefix(part, "v1,"); found {
			signatures = append(signatures, signature)
		}
	}
	return signatures
}

func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
