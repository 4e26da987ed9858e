/**
 * Cost Explorer's dimension RECORD_TYPE: the values that it is known to have, from "Charge type" of its user guide, the
 * line item types of Cost and Usage Reports, and answers of GetDimensionValues (November 2026).
 * https://docs.aws.amazon.com/cost-management/latest/userguide/ce-filtering.html
 * https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html
 */
export const RECORD_TYPES: readonly string[] = [
  "Bundled Discount",
  "BundledDiscount",
  "Credit",
  "Discount",
  "DiscountedUsage",
  "Distributor Discount",
  "EdpDiscount",
  "Enterprise Discount Program Discount",
  "Fee",
  "FlatRateSubscription",
  "Other out-of-cycle charges",
  "Private Rate Card Discount",
  "Private Rate Discount",
  "PrivateRateDiscount",
  "Recurring",
  "Refund",
  "RI Volume Discount",
  "RIFee",
  "RiVolumeDiscount",
  "SavingsPlanCoveredUsage",
  "SavingsPlanNegation",
  "SavingsPlanRecurringFee",
  "SavingsPlanUpfrontFee",
  "Solution Provider Program Discount",
  "SppDiscount",
  "Support",
  "Support fee",
  "Tax",
  "Upfront",
  "Usage",
];
