{{/* Every variable of a service: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.settings" -}}
{{- $values := .root.Values -}}
{{- $env := dict "NODE_ENV" $values.mode "HOST" "0.0.0.0" "PORT" "8080" "OIDC_ISSUER" $values.oidc.issuer -}}
{{- if not .service.isolated }}{{ $env = merge $env (dict "KAFKA_BROKERS" (join "," $values.kafka.brokers) "KAFKA_USERNAME" .name) }}{{ end -}}
{{- if .service.isPublic }}{{ $env = merge $env (dict "INTERNAL_PORT" "8081" "INTERNAL_HOST" "0.0.0.0") }}{{ end -}}
{{- if and $values.kafka.ca.configMap (not .service.isolated) }}{{ $_ := set $env "KAFKA_TLS_CA_FILE" "/ca/kafka/ca.pem" }}{{ end -}}
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
  {{- $_ := set $env $variable (printf "%s://%s-%s:8080" (include "sluice.scheme" $.root) $.root.Release.Name $other) -}}
{{- end -}}
{{- range concat .service.secrets .service.moreSecrets -}}
  {{- $_ := set $env (printf "%s_FILE" .) (printf "/secrets/%s" (include "sluice.key" .)) -}}
{{- end -}}
{{- range $variable, $value := merge (deepCopy .service.env) $values.settings -}}
  {{- if hasKey $env $variable }}{{ fail (printf "%s of %s is for the chart to say" $variable $.name) }}{{ end -}}
  {{- if hasKey $env (printf "%s_FILE" $variable) }}{{ fail (printf "%s of %s is a secret: put it into its Secret" $variable $.name) }}{{ end -}}
  {{- $_ := set $env $variable (toString $value) -}}
{{- end -}}
{{- range $variable, $value := $env }}
{{ $variable }}: {{ $value | quote }}
{{- end }}
{{- end -}}
