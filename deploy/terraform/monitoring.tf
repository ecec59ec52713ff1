# Checked by: npx vitest run -c test/vitest.config.ts test/deploy (HCL by HashiCorp's parser, @cdktf/hcl2json;
# the JSON files it reads by Google's definitions)
locals {
  monitoring = "${path.module}/../cloud-monitoring"
  policies   = { for file in fileset("${local.monitoring}/policies", "*.json") : trimsuffix(file, ".json") => jsondecode(file("${local.monitoring}/policies/${file}")) }
  channels = concat(
    [google_monitoring_notification_channel.email.name],
    google_monitoring_notification_channel.slack[*].name,
    google_monitoring_notification_channel.pagerduty[*].name,
  )
}

resource "google_monitoring_dashboard" "this" {
  project        = var.project_id
  dashboard_json = file("${local.monitoring}/dashboard.json")
  depends_on     = [google_project_service.apis]
}

resource "google_monitoring_notification_channel" "email" {
  project      = var.project_id
  display_name = "Zen telemetry: email"
  type         = "email"
  labels       = { email_address = var.email }
  depends_on   = [google_project_service.apis]
}

resource "google_monitoring_notification_channel" "slack" {
  count        = var.slack_channel == null ? 0 : 1
  project      = var.project_id
  display_name = "Zen telemetry: slack"
  type         = "slack"
  labels       = { channel_name = var.slack_channel }
  sensitive_labels {
    auth_token = var.slack_token
  }
}

resource "google_monitoring_notification_channel" "pagerduty" {
  count        = var.pagerduty_key == null ? 0 : 1
  project      = var.project_id
  display_name = "Zen telemetry: pagerduty"
  type         = "pagerduty"
  sensitive_labels {
    service_key = var.pagerduty_key
  }
}

resource "google_monitoring_alert_policy" "this" {
  for_each              = local.policies
  project               = var.project_id
  display_name          = each.value.displayName
  severity              = each.value.severity
  combiner              = each.value.combiner
  user_labels           = each.value.userLabels
  notification_channels = local.channels

  documentation {
    content   = each.value.documentation.content
    mime_type = each.value.documentation.mimeType
  }

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = conditions.value.displayName
      condition_prometheus_query_language {
        query               = conditions.value.conditionPrometheusQueryLanguage.query
        duration            = conditions.value.conditionPrometheusQueryLanguage.duration
        evaluation_interval = conditions.value.conditionPrometheusQueryLanguage.evaluationInterval
      }
    }
  }

  alert_strategy {
    auto_close = each.value.alertStrategy.autoClose
  }
}
