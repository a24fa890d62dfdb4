{{/* Combinations of the optional parts that no schema can refuse. */}}
{{- define "sluice.checkedOptions" -}}
{{- $intake := include "sluice.isHere" (dict "root" . "name" "intake-api") -}}
{{- range $key := list "ingress" "gateway" -}}
  {{- if and (get $.Values $key).enabled (not $intake) }}{{ fail (printf "%s.enabled needs intake-api, which this release does not install" $key) }}{{ end -}}
{{- end -}}
{{- with .Values.ingress }}{{ if and .enabled (not .host) }}{{ fail "ingress.host is missing: the host name of the public API" }}{{ end }}{{ end -}}
{{- with .Values.gateway }}{{ if and .enabled (or (not .parentRefs) (not .hostnames)) }}{{ fail "gateway.enabled needs gateway.parentRefs and gateway.hostnames: without them the public API has no Gateway, or answers for every host" }}{{ end }}{{ end -}}
{{- if include "sluice.routesWebhooks" . -}}
  {{- $known := include "sluice.known" . | fromJson -}}
  {{- $takers := list -}}
  {{- range .Values.connectors -}}
    {{- $name := include "sluice.connectorOf" (dict "known" $known "connector" .) -}}
    {{- if and (include "sluice.isHere" (dict "root" $ "name" $name)) (include "sluice.webhookPort" (dict "env" (.env | default dict))) }}{{ $takers = append $takers $name }}{{ end -}}
  {{- end -}}
  {{- if ne (len $takers) 1 }}{{ fail "a route of webhooks needs one connector with a port for webhooks in this release" }}{{ end -}}
{{- end -}}
{{- with .Values.console -}}
  {{- if and .enabled (not (regexMatch "^https://[^/]+$" .url)) }}{{ fail "console.url must be the origin that people open, such as https://console.example" }}{{ end -}}
{{- end -}}
{{- if or (and .Values.ingress.enabled .Values.ingress.console.host) (and .Values.gateway.enabled .Values.gateway.console.hostnames) -}}
  {{- if not (and .Values.console.enabled (include "sluice.isHere" (dict "root" . "name" "console"))) }}{{ fail "a route to the console needs console.enabled, in the release that installs the console" }}{{ end -}}
{{- end -}}
{{- with .Values.certificates -}}
  {{- if and .enabled (not $.Values.tls.enabled) }}{{ fail "certificates.enabled needs tls.enabled: no service would use the certificates" }}{{ end -}}
  {{- if and .enabled (not .issuerRef.name) }}{{ fail "certificates.issuerRef.name is missing: which issuer of cert-manager signs the certificates?" }}{{ end -}}
{{- end -}}
{{- with .Values.externalSecrets -}}
  {{- if and .enabled (not .secretStoreRef.name) }}{{ fail "externalSecrets.secretStoreRef.name is missing: which store has the secrets?" }}{{ end -}}
  {{- if and .enabled $.Values.topics.enabled $.Values.topics.logins }}{{ fail "topics.logins needs the services' Secrets before the installation, but externalSecrets makes them during the installation: create the logins yourself, and set topics.logins=false" }}{{ end -}}
{{- end -}}
{{- end -}}
