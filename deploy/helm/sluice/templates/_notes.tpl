{{/* What a person reads after an installation. */}}
{{- define "sluice.notes" -}}
{{- $name := include "sluice.fullname" . }}
{{- $services := include "sluice.services" . | fromJson }}
Sluice {{ .Chart.AppVersion }} ({{ .Values.mode }}) in the namespace {{ .Release.Namespace }}: {{ keys $services | sortAlpha | join ", " }}.
{{- $advisory := list }}
{{- range $service, $one := $services }}
{{- if eq (toString (get (merge (deepCopy $one.env) $.Values.settings) "AUDITOR_PERMITS")) "advisory" }}{{ $advisory = append $advisory $service }}{{ end }}
{{- end }}

Next steps
  1. Wait for the pods:  kubectl --namespace {{ .Release.Namespace }} rollout status deployment --selector app.kubernetes.io/instance={{ .Release.Name }}
  2. Check the environment with the operator command: `sluice doctor --without-kafka` (docs/operator.md).
{{- if .Values.toolbox.enabled }}
     kubectl --namespace {{ .Release.Namespace }} exec -i deploy/{{ $name }}-toolbox -- sluice doctor --without-kafka < token
     The file `token` has your own token of {{ .Values.oidc.issuer }}.
{{- else }}
     --set toolbox.enabled=true starts a pod with this command.
{{- end }}
{{- if hasKey $services "intake-api" }}
{{- if .Values.ingress.enabled }}
  3. Customers reach the public API at https://{{ .Values.ingress.host }}
{{- else if .Values.gateway.enabled }}
  3. Customers reach the public API at https://{{ first .Values.gateway.hostnames }}
{{- else }}
  3. The public API is the Service {{ $name }}-intake-api, port 8080. `ingress` or `gateway` route customers there.
{{- end }}
{{- end }}
{{- if and .Values.network.enabled (not .Values.network.operators.peers) (not .Values.toolbox.enabled) }}
  No person reaches the admin APIs: name network.operators.peers, or enable the toolbox.
{{- end }}
{{- if or .Values.network.allowAnyEgress (not .Values.network.enabled) (eq .Values.mode "development") (not .Values.tls.enabled) $advisory (and (eq (toString .Values.installs) "all") (eq .Values.mode "production")) }}

WARNINGS
{{- if not .Values.network.enabled }}
  - network.enabled is false: every pod of the cluster reaches the admin APIs, and an intruder in a service sends its secrets to any host.
{{- else if .Values.network.allowAnyEgress }}
  - network.allowAnyEgress is true: an intruder in a service sends its secrets, such as the key of a venue that pays, to any host.
{{- end }}
{{- if eq .Values.mode "development" }}
  - mode is development: plain connections and keys in files are accepted. Use no real money.
{{- end }}
{{- if not .Values.tls.enabled }}
  - tls.enabled is false: without a mesh that encrypts, customers' keys and people's tokens are readable in the network.
{{- end }}
{{- if $advisory }}
  - AUDITOR_PERMITS is advisory at {{ join ", " $advisory }}: after a theft that only the auditor sees, up to the ceiling of each asset leaves.
{{- end }}
{{- if and (eq (toString .Values.installs) "all") (eq .Values.mode "production") }}
  - The auditor is part of this release: people who change the release also change its auditor. Install the auditor by itself (installs=auditor).
{{- end }}
{{- end }}
{{- end -}}
