{{/* What the code knows of the services, written by `nx run stack:compose`, with a connector for each further account at a venue. */}}
{{- define "sluice.known" -}}
{{- $known := .Files.Get "files/services.json" | fromJson -}}
{{- $all := deepCopy $known -}}
{{- range .Values.connectors }}{{ if .account -}}
  {{- $program := include "sluice.connectorOf" (dict "known" $known "connector" (dict "venue" .venue)) -}}
  {{- if or (not $program) (eq .venue "wallet") }}{{ fail (printf "connectors has the account %s of %s: accounts are for venues with a connector, and not for wallet" .account .venue) }}{{ end -}}
  {{- if not (regexMatch (printf "^%s-[a-z0-9]{1,16}$" .venue) .account) }}{{ fail (printf "the account %s does not belong to %s: its name is %s, a hyphen, and 1 to 16 of a-z and 0-9" .account .venue .venue) }}{{ end -}}
  {{- $name := include "sluice.connectorOf" (dict "known" $known "connector" .) -}}
  {{- $database := $name | replace "-" "_" -}}
  {{- $longest := printf "%s-migrate-%s" (include "sluice.fullname" $) $name -}}
  {{- if gt (len $longest) 63 }}{{ fail (printf "%s has more than 63 characters: choose a shorter account or fullnameOverride" $longest) }}{{ end -}}
  {{- $_ := set $all $name (merge (dict "account" .account "program" $program "database" $database) (get $known $program)) -}}
{{- end }}{{ end -}}
{{ $all | toJson }}
{{- end -}}

{{/* VENUE_ACCOUNTS of every program; empty without further accounts. */}}
{{- define "sluice.accounts" -}}
{{- $accounts := list -}}
{{- range .Values.connectors }}{{ with .account }}{{ $accounts = append $accounts . }}{{ end }}{{ end -}}
{{ join "," $accounts | default (.Values.settings.VENUE_ACCOUNTS | default "") }}
{{- end -}}

{{/* What no schema can say. */}}
{{- define "sluice.checked" -}}
{{- include "sluice.kafkaChecked" . -}}
{{- if eq .Values.image.tag "latest" }}{{ fail "latest is no version: tomorrow it is another image" }}{{ end -}}
{{- if and .Values.tls.enabled (not .Values.tls.ca.configMap) }}{{ fail "tls.ca.configMap is missing: whose certificates shall the services believe? (tls.enabled=false where a mesh encrypts)" }}{{ end -}}
{{- if and .Values.simulators.enabled (ne (toString .Values.installs) "all") }}{{ fail "simulators.enabled needs installs=all: the simulators belong to one release" }}{{ end -}}
{{- if and .Values.proxy.url .Values.proxy.inSecrets }}{{ fail "proxy.url and proxy.inSecrets exclude each other: keep one of them" }}{{ end -}}
{{- if .Values.simulators.enabled }}{{ range .Values.connectors }}{{ if .account }}{{ fail (printf "simulators.enabled excludes the account %s: each simulated venue has one account" .account) }}{{ end }}{{ end }}{{ end -}}
{{- if and .Values.simulators.enabled (or .Values.proxy.url .Values.proxy.inSecrets) }}{{ fail "simulators.enabled excludes proxy: simulated venues are inside the cluster and have no TLS" }}{{ end -}}
{{- include "sluice.checkedJobs" . -}}
{{- include "sluice.checkedOptions" . -}}
{{- if eq .Values.mode "production" }}
  {{- if .Values.simulators.enabled }}{{ fail "simulators.enabled needs mode development: simulated venues stand beside no real money" }}{{ end -}}
  {{- if and .Values.proxy.url (regexMatch "^https?://[^/]*@" .Values.proxy.url) }}{{ fail "proxy.url has a password: set proxy.inSecrets=true, and put the URL into the Secrets" }}{{ end -}}
  {{- if not (hasPrefix "https://" .Values.oidc.issuer) }}{{ fail "oidc.issuer must begin with https:// in production" }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The connector of a venue or account, by the table of services; nothing where there is none: dict "known" KNOWN "connector" VALUES */}}
{{- define "sluice.connectorOf" -}}
{{- if .connector.account }}connector-{{ .connector.account }}{{ else -}}
{{- range $name, $one := .known }}{{ if and (eq (get $one "venue" | default "") $.connector.venue) (not $one.account) }}{{ $name }}{{ end }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The first part of every name. */}}
{{- define "sluice.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name }}
{{- end -}}

{{/* `true` for a service of this release; otherwise empty: dict "root" $ "name" NAME */}}
{{- define "sluice.isHere" -}}
{{- $installs := .root.Values.installs -}}
{{- if kindIs "slice" $installs }}{{ if has .name $installs }}true{{ end }}
{{- else if eq $installs "auditor" }}{{ if eq .name "auditor" }}true{{ end }}
{{- else if eq $installs "services" }}{{ if ne .name "auditor" }}true{{ end }}
{{- else }}true{{ end -}}
{{- end -}}

{{/* Every service of this release by name, with its values and the code's data, as JSON. A service for one venue exists only with this venue. */}}
{{- define "sluice.services" -}}
{{- include "sluice.checked" . -}}
{{- $known := include "sluice.known" . | fromJson -}}
{{- $all := dict -}}
{{- $connectors := .Values.connectors -}}
{{- if and (include "sluice.isHere" (dict "root" . "name" "intake-api")) (not $connectors) }}{{ fail "connectors is empty: name at least one venue" }}{{ end -}}
{{- $venues := list -}}
{{- range $connectors }}{{ $venues = append $venues .venue }}{{ end -}}
{{- range $name, $own := .Values.services -}}
  {{- if and (get $known $name).callsAll (not $.Values.console.enabled) }}{{ continue }}{{ end -}}
  {{- $of := get (get $known $name) "onlyWith" -}}
  {{- $isNamed := kindIs "slice" $.Values.installs -}}
  {{- if and (include "sluice.isHere" (dict "root" $ "name" $name)) (or (not $of) (has $of $venues) $isNamed) -}}
    {{- $one := merge (deepCopy $own) (deepCopy $.Values.defaults) (get $known $name) -}}
    {{- if $one.keyStores }}{{ $one = include "sluice.withKeys" (dict "root" $ "name" $name "service" $one) | fromJson }}{{ end -}}
    {{- $_ := set $all $name $one -}}
  {{- end -}}
{{- end -}}
{{- range $own := $connectors -}}
  {{- $name := include "sluice.connectorOf" (dict "known" $known "connector" $own) -}}
  {{- $account := $own.account | default $own.venue -}}
  {{- if not $name }}{{ fail (printf "there is no connector for the venue %s" $own.venue) }}{{ end -}}
  {{- if hasKey $all $name }}{{ fail (printf "connectors has %s twice" $account) }}{{ end -}}
  {{- if not (include "sluice.isHere" (dict "root" $ "name" $name)) }}{{ continue }}{{ end -}}
  {{- $one := merge (deepCopy $own) (deepCopy $.Values.defaults) (get $known $name) -}}
  {{- range $one.settings -}}
    {{- if not (get $one.env .) }}{{ fail (printf "the connector of %s needs env.%s" $account .) }}{{ end -}}
  {{- end -}}
  {{- $_ := set $all $name $one -}}
{{- end -}}
{{- if kindIs "slice" .Values.installs }}{{ range .Values.installs -}}
  {{- if not (hasKey $all .) }}{{ fail (printf "installs has %s: it must be a service, or the connector of a venue among connectors" .) }}{{ end -}}
{{- end }}{{ end -}}
{{- /* What a service asks of another that exists, it needs like any other. */ -}}
{{- range $name, $one := $all -}}
  {{- $_ := set $one "secrets" (include "sluice.kafkaSecrets" (dict "root" $ "service" $one) | fromJsonArray) -}}
  {{- if and $.Values.proxy.inSecrets (include "sluice.proxied" (dict "root" $ "service" $one)) }}{{ $_ := set $one "secrets" (append $one.secrets "OUTGOING_PROXY_URL") }}{{ end -}}
  {{- range $variable, $other := $one.asks -}}
    {{- if or (hasKey $all $other) (has (get (get $known $other) "venue") $venues) }}{{ $_ := set $one.needs $variable $other }}{{ end -}}
  {{- end -}}
  {{- include "sluice.checkedPod" (dict "of" $name "pod" $one) -}}
  {{- $_ := set $one "heap" (include "sluice.serviceHeap" (dict "of" $name "limit" $one.resources.limits.memory)) -}}
{{- end -}}
{{- include "sluice.checkedPlaces" (dict "root" . "known" $known "services" $all) -}}
{{ $all | toJson }}
{{- end -}}

{{/* A connection between two releases needs the place of the other service: dict "root" $ "known" KNOWN "services" SERVICES */}}
{{- define "sluice.checkedPlaces" -}}
{{- range $name, $place := .root.Values.places -}}
  {{- if not (or (hasKey $.known $name) (hasPrefix "connector-" $name)) }}{{ fail (printf "places has %s, which is no service" $name) }}{{ end -}}
  {{- if and (hasKey $.services $name) (or (ne $place.namespace $.root.Release.Namespace) (ne $place.release $.root.Release.Name)) -}}
    {{- fail (printf "places.%s is the release %s in the namespace %s, but this release (%s in %s) installs it" $name $place.release $place.namespace $.root.Release.Name $.root.Release.Namespace) -}}
  {{- end -}}
{{- end -}}
{{- range $name, $one := .known -}}
  {{- $isHere := hasKey $.services $name -}}
  {{- $needs := $isHere | ternary (get $.services $name | default dict).needs (merge dict $one.needs ($one.asks | default dict)) -}}
  {{- range $other := values ($needs | default dict) -}}
    {{- $isOtherHere := hasKey $.services $other -}}
    {{- if and $isHere (not $isOtherHere) (not (hasKey $.root.Values.places $other)) }}{{ fail (printf "%s calls %s, which is in another release: name it in places.%s" $name $other $other) }}{{ end -}}
    {{- if and $isOtherHere (not $isHere) (not (hasKey $.root.Values.places $name)) (kindIs "slice" $.root.Values.installs) }}{{ fail (printf "%s is called by %s, which is in another release: name it in places.%s" $other $name $name) }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* The host name of a service for its callers: dict "root" $ "name" NAME and, for the second Service of a public service, "suffix" -admin */}}
{{- define "sluice.host" -}}
{{- $suffix := .suffix | default "" -}}
{{- $place := get .root.Values.places .name -}}
{{- if and $place (not (include "sluice.isHere" .)) -}}
{{ $place.fullname | default $place.release }}-{{ .name }}{{ $suffix }}.{{ $place.namespace }}.svc
{{- else -}}
{{ include "sluice.fullname" .root }}-{{ .name }}{{ $suffix }}
{{- end -}}
{{- end -}}

{{/* The pods of a service as a peer of a policy, in this namespace or in the place of another release: dict "root" $ "name" NAME */}}
{{- define "sluice.peer" -}}
{{- $place := get .root.Values.places .name -}}
{{- if and $place (not (include "sluice.isHere" .)) -}}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ $place.namespace }} }
  podSelector:
    matchLabels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ $place.release }} }
{{- else -}}
- podSelector:
    matchLabels: {{ include "sluice.selector" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* Labels and annotations that the chart itself sets: dict "of" NAME "pod" VALUES */}}
{{- define "sluice.checkedPod" -}}
{{- range $label, $_ := .pod.podLabels -}}
  {{- if or (has $label (list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/part-of" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "helm.sh/chart")) }}{{ fail (printf "podLabels of %s has %s: the chart sets this label, and Services and network policies select pods by such labels" $.of $label) }}{{ end -}}
{{- end -}}
{{- range $annotation, $_ := .pod.podAnnotations -}}
  {{- if hasPrefix "sluice/" $annotation }}{{ fail (printf "podAnnotations of %s has %s: the chart sets this annotation" $.of $annotation) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "sluice.checkedJobs" -}}
{{- include "sluice.checkedPod" (dict "of" "jobs" "pod" .Values.jobs) -}}
{{- include "sluice.checkedPod" (dict "of" "defaults" "pod" .Values.defaults) -}}
{{- end -}}

{{/* 80 % of a memory limit in MiB, for what V8 keeps; the rest is for young objects, buffers and code. */}}
{{- define "sluice.heap" -}}
{{- $number := 0.0 -}}
{{- $unit := "" -}}
{{- if kindIs "string" . -}}
  {{- $number = regexFind "^[0-9.]+" . | float64 -}}
  {{- $unit = regexFind "[A-Za-z]*$" . -}}
{{- else }}{{ $number = float64 . }}{{ end -}}
{{- $units := dict "" 1.0 "m" 0.001 "K" 1000.0 "M" 1000000.0 "G" 1000000000.0 "T" 1000000000000.0 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{ divf (mulf $number (get $units $unit) 0.8) 1048576.0 | floor | int64 }}
{{- end -}}

{{- define "sluice.serviceHeap" -}}
{{- $heap := include "sluice.heap" .limit -}}
{{- if lt (int64 $heap) 819 }}{{ fail (printf "resources.limits.memory of %s is %v: at least 1Gi, because young objects, buffers and code need 200 MiB beside V8's heap" .of .limit) }}{{ end -}}
{{ $heap }}
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

{{/* Of a service or program; connectors of a venue share an image: dict "root" $ "name" NAME */}}
{{- define "sluice.image" -}}
{{- $program := (get (include "sluice.known" .root | fromJson) .name | default dict).program | default .name -}}
{{- $digest := get .root.Values.image.digests $program -}}
{{ .root.Values.image.prefix }}sluice-{{ $program }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}

{{/* Labels of a pod: dict "root" $ "name" NAME "pod" VALUES */}}
{{- define "sluice.podLabels" -}}
{{ include "sluice.labels" . }}
{{- with .pod.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where a pod may run: the values of a service, of `defaults` or of `jobs`. */}}
{{- define "sluice.scheduling" -}}
{{- with .nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
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
  {{- range $id := list "runAsUser" "runAsGroup" "fsGroup" }}
  {{- $value := index ($.Values.podSecurityContext | default dict) $id }}
  {{- if not (kindIs "invalid" $value) }}
  {{ $id }}: {{ int64 $value }}
  {{- end }}
  {{- end }}
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* The IP families of a Service; the cluster's own default where no value names them. */}}
{{- define "sluice.ipFamilies" -}}
{{- with .Values.service.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .Values.service.ipFamilies }}
ipFamilies: {{ toYaml . | nindent 2 }}
{{- end }}
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

{{/* The Secret with the certificate of a service */}}
{{- define "sluice.tlsSecret" -}}
{{ .tlsSecret | default (printf "%s-tls" .secret) }}
{{- end -}}

{{/* Of what a job needs before an installation, and nothing else needs afterwards. */}}
{{- define "sluice.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: '-10'
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{/* The port at which a connector takes webhooks of its venue, where it has one. */}}
{{- define "sluice.webhookPort" -}}
{{ get .env "UPVEST_WEBHOOK_PORT" }}
{{- end -}}

{{/* `true` where a route brings webhooks of venues */}}
{{- define "sluice.routesWebhooks" -}}
{{- if or (and .Values.ingress.enabled .Values.ingress.webhooks.host) (and .Values.gateway.enabled .Values.gateway.webhooks.hostnames) }}true{{ end -}}
{{- end -}}

{{/* Names under which a service is called, from its namespace and from others: dict "root" $ "name" NAME "service" SERVICE */}}
{{- define "sluice.dnsNames" -}}
{{- range $suffix := .service.isPublic | ternary (list "" "-admin") (list "") }}
{{- $name := printf "%s-%s%s" (include "sluice.fullname" $.root) $.name $suffix }}
- {{ $name }}
- {{ $name }}.{{ $.root.Release.Namespace }}.svc
{{- end }}
{{- end -}}

{{/* The admin addresses that people use from inside, for SLUICE_RUN: dict "root" $ "withSigner" BOOLEAN */}}
{{- define "sluice.runFile" -}}
{{- $services := include "sluice.services" .root | fromJson -}}
{{- $scheme := include "sluice.scheme" .root -}}
{{- $internal := dict -}}
{{- range $name, $service := include "sluice.known" .root | fromJson -}}
  {{- $isPresent := or (hasKey $services $name) (hasKey $.root.Values.places $name) -}}
  {{- if or (not $isPresent) (and $service.isolated (not $service.callsAll) (not $.withSigner)) }}{{ continue }}{{ end -}}
  {{- $host := include "sluice.host" (dict "root" $.root "name" $name "suffix" ($service.isPublic | ternary "-admin" "")) -}}
  {{- $_ := set $internal ($name | replace "-" "_") (printf "%s://%s:%s" $scheme $host ($service.isPublic | ternary "8081" "8080")) -}}
{{- end -}}
{{- $intake := printf "%s://%s:8080" $scheme (include "sluice.host" (dict "root" .root "name" "intake-api")) -}}
{{ dict "intake_url" $intake "internal" $internal "ca_file" (.root.Values.tls.enabled | ternary "/ca/tls/ca.pem" nil) | toJson }}
{{- end -}}
