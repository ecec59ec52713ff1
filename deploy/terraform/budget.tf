# Checked by: npx vitest run -c test/vitest.config.ts test/deploy (HCL by HashiCorp's parser, @cdktf/hcl2json)
data "google_project" "this" {
  project_id = var.project_id
  depends_on = [google_project.this]
}

resource "google_billing_budget" "this" {
  count           = var.billing_account == null ? 0 : 1
  billing_account = var.billing_account
  display_name    = "Zen telemetry in ${var.project_id}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.email.name]
  }
}
