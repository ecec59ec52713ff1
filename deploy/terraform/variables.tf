# Checked by: npx vitest run -c test/vitest.config.ts test/deploy (HCL by HashiCorp's parser, @cdktf/hcl2json)
variable "project_id" {
  description = "Project that receives the spans: 6 to 30 lower-case letters, digits and hyphens."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "This is not the id of a project."
  }
}

variable "create_project" {
  description = "Whether the project is made here too; it then needs folder_id and billing_account."
  type        = bool
  default     = false
}

variable "folder_id" {
  description = "Folder of a new project."
  type        = string
  default     = null
}

variable "billing_account" {
  description = "Billing account; with it there is a budget as well."
  type        = string
  default     = null
}

variable "monthly_budget" {
  description = "Whole units of the billing account's currency. Mails go out at 50, 90 and 100%."
  type        = number
  default     = 50
}

variable "send_metrics" {
  description = "Whether the agent may send its own metrics (ZEN_TELEMETRY_METRICS=otlp). Without, the alerts have no data."
  type        = bool
  default     = true
}

variable "kubernetes_account" {
  description = "NAMESPACE/NAME of a Kubernetes service account that becomes this one on GKE."
  type        = string
  default     = null
}

variable "email" {
  description = "Who is told."
  type        = string
}

variable "slack_channel" {
  description = "Such as #alerts; needs slack_token."
  type        = string
  default     = null
}

variable "slack_token" {
  description = "Token of the Slack application of Cloud Monitoring."
  type        = string
  default     = null
  sensitive   = true
}

variable "pagerduty_key" {
  description = "Integration key of a PagerDuty service."
  type        = string
  default     = null
  sensitive   = true
}
