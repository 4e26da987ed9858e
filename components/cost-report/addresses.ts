/** The domain of a mail address, in lower case, as mails and SES have it. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** A mail address as the header of a mail has it: its domain in lower case. */
export function headerAddress(address: string): string {
  return address.slice(0, address.lastIndexOf("@") + 1) + domainOf(address);
}
