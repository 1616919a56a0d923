import type { BundleDocument } from '@varco/policy'

/** Antimafia checks go two years after they were asked for, or after their file was closed if that was later. */
export function addEventRule({ retention }: BundleDocument): void {
  retention.push({
    id: 'checks-two-years',
    resource: 'antimafia_check',
    trigger: {
      field: 'requested_on',
      event: { id: 'file-closed', title: { it: 'chiusura del fascicolo', en: 'closing of the file' } },
    },
    after: 'P2Y',
    action: 'erase',
    title: { it: 'Verifiche dopo due anni', en: 'Checks after two years' },
    because: 'Art. 5, par. 1, lett. e, GDPR',
  })
}
