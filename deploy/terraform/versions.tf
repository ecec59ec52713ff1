# Checked by: npx vitest run -c test/vitest.config.ts test/deploy (HCL by HashiCorp's parser, @cdktf/hcl2json)
# UNVERIFIED: terraform validate and plan, which need the provider.
terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0, < 8.0"
    }
  }
}

provider "google" {
  project = var.project_id
}
