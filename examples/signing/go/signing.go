// Package signing signs requests to Sluice and verifies its webhooks, with Go's own library alone.
package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Tolerance is how old a webhook may be, or how far ahead.
const Tolerance = 300 * time.Second

// SignRequest returns the header X-CPG-Signature. Query and body are what is sent, to the letter; timestamp is the header's text.
func SignRequest(secret, timestamp, method, path, query string, body []byte) string {
	hash := sha256.Sum256(body)
	fields := []string{timestamp, strings.ToUpper(method), path, query, hex.EncodeToString(hash[:])}
	return hex.EncodeToString(sum([]byte(secret), []byte(strings.Join(fields, "\n"))))
}

// Sign sets the three headers of a request that is sent now. A signature counts once: sign each attempt anew, in another second.
func Sign(request *http.Request, keyID, secret string, body []byte, now time.Time) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
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
