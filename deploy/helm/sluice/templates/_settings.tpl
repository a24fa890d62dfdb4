{{/* Every variable of a service: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.settings" -}}
{{- $values := .root.Values -}}
{{- $env := dict "NODE_ENV" $values.mode "HOST" "::" "PORT" "8080" "OIDC_ISSUER" $values.oidc.issuer "NODE_OPTIONS" (printf "--max-old-space-size=%s" .service.heap) -}}
{{- if not .service.isolated }}{{ $env = merge $env (include "sluice.kafka" . | fromJson) }}{{ end -}}
{{- range $values.connectors }}{{ if .account }}{{ $_ := set $env "VENUE_ACCOUNTS" (include "sluice.accounts" $.root) }}{{ end }}{{ end -}}
{{- with .service.account }}{{ $_ := set $env "VENUE_ACCOUNT" . }}{{ end -}}
{{- if .service.isPublic }}{{ $env = merge $env (dict "INTERNAL_PORT" "8081" "INTERNAL_HOST" "::") }}{{ end -}}
{{- with $values.traces }}{{ if and .endpoint (not $.service.isolated) -}}
  {{- $env = merge $env (dict "OTEL_EXPORTER_OTLP_ENDPOINT" .endpoint "TRACE_SAMPLE_RATIO" (toString .ratio)) -}}
  {{- if .ca.configMap }}{{ $_ := set $env "OTEL_EXPORTER_OTLP_CERTIFICATE" "/ca/traces/ca.pem" }}{{ end -}}
{{- end }}{{ end -}}
{{- if $values.oidc.ca.configMap }}{{ $_ := set $env "OIDC_CA_FILE" "/ca/oidc/ca.pem" }}{{ end -}}
{{- if include "sluice.proxied" . -}}
  {{- with $values.proxy.url }}{{ $_ := set $env "OUTGOING_PROXY_URL" . }}{{ end -}}
  {{- $issuer := regexReplaceAll ":[0-9]+$" (urlParse $values.oidc.issuer).host "" -}}
  {{- $direct := $values.proxy.issuer | ternary $values.proxy.noProxy (append $values.proxy.noProxy $issuer) -}}
  {{- if $direct }}{{ $_ := set $env "OUTGOING_NO_PROXY" (join "," $direct) }}{{ end -}}
{{- end -}}
{{- if $values.tls.enabled -}}
  {{- $env = merge $env (dict "TLS_CERT_FILE" "/tls/tls.crt" "TLS_KEY_FILE" "/tls/tls.key" "INTERNAL_CA_FILE" "/ca/tls/ca.pem") -}}
{{- else -}}
  {{- $_ := set $env "TLS_ELSEWHERE" "true" -}}
{{- end -}}
{{- range $variable, $other := .service.needs -}}
  {{- $_ := set $env $variable (printf "%s://%s:8080" (include "sluice.scheme" $.root) (include "sluice.host" (dict "root" $.root "name" $other))) -}}
{{- end -}}
{{- if .service.callsAll -}}
  {{- $env = merge $env (dict "CONSOLE_URL" $values.console.url "OIDC_CLIENT_ID" $values.console.clientId "SERVICES" (include "sluice.adminUrls" .root)) -}}
  {{- with $values.console.traceUrl }}{{ $_ := set $env "TRACE_URL" . }}{{ end -}}
{{- end -}}
{{- if and $values.console.enabled (eq .name "ledger") -}}
  {{- /* Passkeys belong to the domain of the console's page. */ -}}
  {{- $env = merge $env (dict "PASSKEY_RP_ID" (regexReplaceAll ":[0-9]+$" (urlParse $values.console.url).host "") "PASSKEY_ORIGINS" (list $values.console.url | toJson)) -}}
{{- end -}}
{{- range concat .service.secrets .service.moreSecrets -}}
  {{- $_ := set $env (printf "%s_FILE" .) (printf "/secrets/%s" (include "sluice.key" .)) -}}
{{- end -}}
{{- range $variable, $value := merge (deepCopy .service.env) $values.settings -}}
  {{- if hasKey $env $variable }}{{ fail (printf "%s of %s is for the chart to say" $variable $.name) }}{{ end -}}
  {{- if hasKey $env (printf "%s_FILE" $variable) }}{{ fail (printf "%s of %s is a secret: put it into its Secret" $variable $.name) }}{{ end -}}
  {{- $_ := set $env $variable (toString $value) -}}
{{- end -}}
{{- if $values.console.enabled -}}
  {{- $trusted := get $env "CLIENTS_WITHOUT_PASSKEY" | default "[\"sluice-cli\"]" | fromJsonArray -}}
  {{- if has $values.console.clientId $trusted }}{{ fail (printf "CLIENTS_WITHOUT_PASSKEY of %s must not contain console.clientId (%s): a thief of the console would decide alone what takes two people" .name $values.console.clientId) }}{{ end -}}
{{- end -}}
{{- range $variable, $value := $env }}
{{ $variable }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* Admin API of each service that the console calls, as JSON. A service of another release needs its place. */}}
{{- define "sluice.adminUrls" -}}
{{- $urls := dict -}}
{{- range $name, $service := include "sluice.called" . | fromJson -}}
  {{- $host := include "sluice.host" (dict "root" $ "name" $name "suffix" ($service.isPublic | ternary "-admin" "")) -}}
  {{- $_ := set $urls $name (printf "%s://%s:%d" (include "sluice.scheme" $) $host (int ($service.isPublic | ternary 8081 8080))) -}}
{{- end -}}
{{ $urls | toJson }}
{{- end -}}

{{/* Services that the console calls: those of this release, and those with a place in another, as JSON. */}}
{{- define "sluice.called" -}}
{{- $called := dict -}}
{{- $here := include "sluice.services" . | fromJson -}}
{{- range $name, $service := include "sluice.known" . | fromJson -}}
  {{- $isPresent := or (hasKey $here $name) (hasKey $.Values.places $name) -}}
  {{- if and $isPresent (not $service.callsAll) (or (not $service.isolated) $.Values.console.signer) }}{{ $_ := set $called $name $service }}{{ end -}}
{{- end -}}
{{ $called | toJson }}
{{- end -}}

{{/* The login of a service at Kafka; `kafkaUsername` where the brokers generate names: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.kafkaLogin" -}}
{{ .service.kafkaUsername | default (printf "%s%s" .root.Values.kafka.prefix .name) }}
{{- end -}}

{{/* Variables of the connection to Kafka, as JSON: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.kafka" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $mechanism := $kafka.sasl.mechanism -}}
{{- $login := include "sluice.kafkaLogin" . -}}
{{- $env := dict "KAFKA_BROKERS" (join "," $kafka.brokers) "KAFKA_SASL_MECHANISM" $mechanism -}}
{{- if $kafka.prefix }}{{ $_ := set $env "KAFKA_PREFIX" $kafka.prefix }}{{ end -}}
{{- if eq $mechanism "oauthbearer" -}}
  {{- with $kafka.sasl.oauth -}}
    {{- $_ := set $env "KAFKA_OAUTH_TOKEN_URL" .tokenUrl -}}
    {{- if .scope }}{{ $_ := set $env "KAFKA_OAUTH_SCOPE" .scope }}{{ end -}}
    {{- if .ca.configMap }}{{ $_ := set $env "KAFKA_OAUTH_CA_FILE" "/ca/kafka-oauth/ca.pem" }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- if ne $mechanism "none" }}{{ $_ := set $env "KAFKA_USERNAME" $login }}{{ end -}}
{{- if $kafka.ca.configMap }}{{ $_ := set $env "KAFKA_TLS_CA_FILE" "/ca/kafka/ca.pem" }}{{ end -}}
{{- if $kafka.publicCa }}{{ $_ := set $env "KAFKA_TLS" "true" }}{{ end -}}
{{- if $kafka.clientCertificates -}}
  {{- $env = merge $env (dict "KAFKA_TLS_CERT_FILE" "/kafka-tls/tls.crt" "KAFKA_TLS_KEY_FILE" "/kafka-tls/tls.key") -}}
{{- end -}}
{{ $env | toJson }}
{{- end -}}

{{/* Secrets of a service with the Secret of its login at Kafka: dict "root" $ "service" SERVICE */}}
{{- define "sluice.kafkaSecrets" -}}
{{- $mechanism := .root.Values.kafka.sasl.mechanism -}}
{{- $secrets := list -}}
{{- range .service.secrets -}}
  {{- if ne . "KAFKA_PASSWORD" }}{{ $secrets = append $secrets . }}
  {{- else if ne $mechanism "none" }}{{ $secrets = append $secrets . }}{{ end -}}
{{- end -}}
{{ $secrets | toJson }}
{{- end -}}

{{/* What no schema can say of Kafka. */}}
{{- define "sluice.kafkaChecked" -}}
{{- with .Values.kafka -}}
{{- if and .ca.configMap .publicCa }}{{ fail "kafka.publicCa and kafka.ca.configMap exclude each other: the brokers have one CA" }}{{ end -}}
{{- $isEncrypted := or .ca.configMap .publicCa -}}
{{- if and (eq $.Values.mode "production") (not $isEncrypted) }}{{ fail "kafka.ca.configMap is missing: in production the connection to Kafka is over TLS (kafka.publicCa=true for brokers with a public CA)" }}{{ end -}}
{{- if and (has .sasl.mechanism (list "plain" "oauthbearer")) (not $isEncrypted) }}{{ fail (printf "kafka.sasl.mechanism=%s needs TLS: set kafka.ca.configMap or kafka.publicCa" .sasl.mechanism) }}{{ end -}}
{{- if and (eq .sasl.mechanism "oauthbearer") (not .sasl.oauth.tokenUrl) }}{{ fail "kafka.sasl.oauth.tokenUrl is missing: kafka.sasl.mechanism is oauthbearer" }}{{ end -}}
{{- if and .clientCertificates (not $isEncrypted) }}{{ fail "kafka.clientCertificates needs TLS: set kafka.ca.configMap or kafka.publicCa" }}{{ end -}}
{{- if and (eq .sasl.mechanism "none") (eq $.Values.mode "production") (not .clientCertificates) }}{{ fail "kafka.sasl.mechanism=none needs kafka.clientCertificates in production: the certificate is then the login" }}{{ end -}}
{{- if and $.Values.topics.enabled $.Values.topics.logins (not (hasPrefix "scram-" .sasl.mechanism)) }}{{ fail (printf "topics.logins creates SCRAM logins only: kafka.sasl.mechanism is %s" .sasl.mechanism) }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* Client certificates and the CA of the token issuer, where Kafka has them. */}}
{{- define "sluice.kafkaMounts" -}}
{{- if .Values.kafka.clientCertificates }}
- { name: kafka-tls, mountPath: /kafka-tls, readOnly: true }
{{- end }}
{{- if .Values.kafka.sasl.oauth.ca.configMap }}
- { name: kafka-oauth-ca, mountPath: /ca/kafka-oauth, readOnly: true }
{{- end }}
{{- end -}}

{{/* dict "root" $ "service" SERVICE */}}
{{- define "sluice.kafkaVolumes" -}}
{{- if .root.Values.kafka.clientCertificates }}
- name: kafka-tls
  secret: { secretName: {{ .service.secret }}-kafka-tls, defaultMode: 0440 }
{{- end }}
{{- with .root.Values.kafka.sasl.oauth.ca }}
{{- if .configMap }}
- name: kafka-oauth-ca
  configMap: { name: {{ .configMap }}, items: [{ key: {{ .key }}, path: ca.pem }] }
{{- end }}
{{- end }}
{{- end -}}
