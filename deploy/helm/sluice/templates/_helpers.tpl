{{/* What the code knows of the services, written by `nx run stack:compose`. */}}
{{- define "sluice.known" -}}
{{ .Files.Get "files/services.json" }}
{{- end -}}

{{/* What no schema can say. */}}
{{- define "sluice.checked" -}}
{{- if or (eq .Values.image.tag "latest") (hasSuffix ":latest" .Values.topics.image) }}{{ fail "latest is no version: tomorrow it is another image" }}{{ end -}}
{{- if and .Values.tls.enabled (not .Values.tls.ca.configMap) }}{{ fail "tls.ca.configMap is missing: whose certificates shall the services believe? (tls.enabled=false where a mesh encrypts)" }}{{ end -}}
{{- if and .Values.simulators.enabled (ne .Values.installs "all") }}{{ fail "simulators.enabled needs installs=all: the simulators belong to one release" }}{{ end -}}
{{- if and .Values.proxy.url .Values.proxy.inSecrets }}{{ fail "proxy.url and proxy.inSecrets exclude each other: keep one of them" }}{{ end -}}
{{- if and .Values.simulators.enabled (or .Values.proxy.url .Values.proxy.inSecrets) }}{{ fail "simulators.enabled excludes proxy: simulated venues are inside the cluster and have no TLS" }}{{ end -}}
{{- if eq .Values.mode "production" }}
  {{- if .Values.simulators.enabled }}{{ fail "simulators.enabled needs mode development: simulated venues stand beside no real money" }}{{ end -}}
  {{- if and .Values.proxy.url (regexMatch "^https?://[^/]*@" .Values.proxy.url) }}{{ fail "proxy.url has a password: set proxy.inSecrets=true, and put the URL into the Secrets" }}{{ end -}}
  {{- if not .Values.kafka.ca.configMap }}{{ fail "kafka.ca.configMap is missing: in production the connection to Kafka is over TLS" }}{{ end -}}
  {{- if not (hasPrefix "https://" .Values.oidc.issuer) }}{{ fail "oidc.issuer must begin with https:// in production" }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The connector of a venue, by the table of services; nothing where there is none: dict "known" KNOWN "venue" VENUE */}}
{{- define "sluice.connectorOf" -}}
{{- range $name, $one := .known }}{{ if eq (get $one "venue" | default "") $.venue }}{{ $name }}{{ end }}{{ end -}}
{{- end -}}

{{/* Every service of this installation by name, with what its values and the code say of it, as JSON. What serves one venue alone is there with it. */}}
{{- define "sluice.services" -}}
{{- include "sluice.checked" . -}}
{{- $known := include "sluice.known" . | fromJson -}}
{{- $all := dict -}}
{{- $services := .Values.services -}}
{{- $connectors := .Values.connectors -}}
{{- if eq .Values.installs "services" }}{{ $services = omit $services "auditor" }}{{ end -}}
{{- if and (ne .Values.installs "auditor") (not $connectors) }}{{ fail "connectors is empty: name at least one venue" }}{{ end -}}
{{- if eq .Values.installs "auditor" }}{{ $services = pick $services "auditor" }}{{ $connectors = list }}{{ end -}}
{{- $venues := list -}}
{{- range $connectors }}{{ $venues = append $venues .venue }}{{ end -}}
{{- range $name, $own := $services -}}
  {{- $of := get (get $known $name) "onlyWith" -}}
  {{- if or (not $of) (has $of $venues) -}}
    {{- $one := merge (deepCopy $own) (deepCopy $.Values.defaults) (get $known $name) -}}
    {{- if $one.keyStores }}{{ $one = include "sluice.withKeys" (dict "root" $ "name" $name "service" $one) | fromJson }}{{ end -}}
    {{- $_ := set $all $name $one -}}
  {{- end -}}
{{- end -}}
{{- range $own := $connectors -}}
  {{- $name := include "sluice.connectorOf" (dict "known" $known "venue" $own.venue) -}}
  {{- if not $name }}{{ fail (printf "there is no connector for the venue %s" $own.venue) }}{{ end -}}
  {{- if hasKey $all $name }}{{ fail (printf "connectors has %s twice" $own.venue) }}{{ end -}}
  {{- $one := merge (deepCopy $own) (deepCopy $.Values.defaults) (get $known $name) -}}
  {{- range $one.settings -}}
    {{- if not (get $one.env .) }}{{ fail (printf "the connector of %s needs env.%s" $own.venue .) }}{{ end -}}
  {{- end -}}
  {{- $_ := set $all $name $one -}}
{{- end -}}
{{- range $one := $all -}}
  {{- if and $.Values.proxy.inSecrets (include "sluice.proxied" (dict "root" $ "service" $one)) }}{{ $_ := set $one "secrets" (append $one.secrets "OUTGOING_PROXY_URL") }}{{ end -}}
{{- end -}}
{{- /* What a service asks of another that is there, it needs like any other. */ -}}
{{- range $one := $all -}}
  {{- range $variable, $other := $one.asks -}}
    {{- if hasKey $all $other }}{{ $_ := set $one.needs $variable $other }}{{ end -}}
  {{- end -}}
{{- end -}}
{{ $all | toJson }}
{{- end -}}

{{/* Not empty for a service that calls out through the proxy: dict "root" $ "service" SERVICE */}}
{{- define "sluice.proxied" -}}
{{- $proxy := .root.Values.proxy -}}
{{- $callsOut := or .service.venue .service.callsNodes .service.auditsVenues $proxy.issuer -}}
{{- if and (or $proxy.url $proxy.inSecrets) $callsOut (not .service.isolated) }}true{{ end -}}
{{- end -}}

{{/* A service that keeps keys, with the secrets that its way of keeping them needs: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.withKeys" -}}
{{- $named := get .service.env "SIGNER_KEY_STORE" -}}
{{- $store := get .service.keyStores $named -}}
{{- if not $store }}{{ fail (printf "SIGNER_KEY_STORE of %s must be one of %s" .name (keys .service.keyStores | sortAlpha | join ", ")) }}{{ end -}}
{{- if and $store.isForDevelopment (eq .root.Values.mode "production") }}{{ fail (printf "SIGNER_KEY_STORE=%s of %s needs mode development: in production keys are in hardware" $named .name) }}{{ end -}}
{{- range $store.settings -}}
  {{- if not (get $.service.env .) }}{{ fail (printf "%s needs env.%s: SIGNER_KEY_STORE is %s" $.name . $named) }}{{ end -}}
{{- end -}}
{{- $_ := set .service "secrets" (concat .service.secrets $store.secrets) -}}
{{ .service | toJson }}
{{- end -}}

{{/* Of the pods of one part: dict "root" $ "name" NAME */}}
{{- define "sluice.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "sluice.labels" -}}
{{ include "sluice.selector" . }}
app.kubernetes.io/part-of: sluice
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "sluice.image" -}}
{{- $digest := get .root.Values.image.digests .name -}}
{{ .root.Values.image.prefix }}sluice-{{ .name }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}

{{/* Restricted Pod Security, and nothing of the cluster's own in the pod. */}}
{{- define "sluice.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "sluice.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* As which the services are spoken to. */}}
{{- define "sluice.scheme" -}}
{{ .Values.tls.enabled | ternary "https" "http" }}
{{- end -}}

{{/* DATABASE_URL is the key database-url of a Secret. */}}
{{- define "sluice.key" -}}
{{ . | lower | replace "_" "-" }}
{{- end -}}

{{/* CAs are no secrets: they come from ConfigMaps, to /ca/kafka, /ca/postgres, /ca/tls, /ca/oidc and /ca/traces. */}}
{{- define "sluice.caMounts" -}}
{{- range $of := list "kafka" "postgres" "tls" "oidc" "traces" -}}
{{- with (get $.Values $of).ca.configMap }}
- { name: {{ $of }}-ca, mountPath: /ca/{{ $of }}, readOnly: true }
{{- end }}
{{- end }}
{{- end -}}

{{- define "sluice.caVolumes" -}}
{{- range $of := list "kafka" "postgres" "tls" "oidc" "traces" -}}
{{- with (get $.Values $of).ca }}
{{- if .configMap }}
- name: {{ $of }}-ca
  configMap: { name: {{ .configMap }}, items: [{ key: {{ .key }}, path: ca.pem }] }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
