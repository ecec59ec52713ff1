#!/bin/sh
# Opens an incident on purpose, so that every channel given is notified once, and takes the policy away again.
#   test-notification.sh PROJECT CHANNEL...      (CHANNEL: projects/PROJECT/notificationChannels/NUMBER)
# Checked by: sh -n deploy/cloud-monitoring/test-notification.sh, and run with a gcloud that only records (test/deploy).
# UNVERIFIED: against Google itself.
set -eu
project=${1:?the project}
shift
[ $# -gt 0 ] || { echo "name at least one channel: gcloud beta monitoring channels list --project=$project" >&2; exit 2; }
channels=$(IFS=,; echo "$*")
file=$(mktemp)
trap 'rm -f "$file"' EXIT
cat > "$file" <<'JSON'
{
  "displayName": "Zen telemetry: a test of the notification channels",
  "combiner": "OR",
  "conditions": [
    {
      "displayName": "always true",
      "conditionPrometheusQueryLanguage": { "query": "vector(1) > 0", "duration": "0s", "evaluationInterval": "30s" }
    }
  ]
}
JSON
policy=$(gcloud monitoring policies create --project="$project" --policy-from-file="$file" \
  --notification-channels="$channels" --format='value(name)')
echo "Each channel hears of it within some minutes. Ctrl-C ends the test earlier."
trap 'gcloud monitoring policies delete "$policy" --project="$project" --quiet; rm -f "$file"' EXIT
sleep "${SECONDS_TO_WAIT:-300}"
