# Checked by: npx vitest run -c test/vitest.config.ts test/deploy (HCL by HashiCorp's parser, @cdktf/hcl2json)
resource "google_project" "this" {
  count           = var.create_project ? 1 : 0
  project_id      = var.project_id
  name            = var.project_id
  folder_id       = var.folder_id
  billing_account = var.billing_account
}

resource "google_project_service" "apis" {
  for_each = toset([
    "cloudtrace.googleapis.com",
    "telemetry.googleapis.com",
    "monitoring.googleapis.com",
  ])
  project            = var.project_id
  service            = each.key
  disable_on_destroy = false
  depends_on         = [google_project.this]
}

# Writes traces, and nothing else.
resource "google_service_account" "agent" {
  project      = var.project_id
  account_id   = "zen-tracing"
  display_name = "Applications with @zen/telemetry"
  depends_on   = [google_project_service.apis]
}

resource "google_project_iam_member" "traces" {
  project = var.project_id
  role    = "roles/cloudtrace.agent"
  member  = "serviceAccount:${google_service_account.agent.email}"
}

resource "google_project_iam_member" "metrics" {
  count   = var.send_metrics ? 1 : 0
  project = var.project_id
  role    = "roles/monitoring.metricWriter"
  member  = "serviceAccount:${google_service_account.agent.email}"
}

resource "google_service_account_iam_member" "kubernetes" {
  count              = var.kubernetes_account == null ? 0 : 1
  service_account_id = google_service_account.agent.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project_id}.svc.id.goog[${var.kubernetes_account}]"
}

output "service_account" {
  description = "Let the application run as this account."
  value       = google_service_account.agent.email
}
