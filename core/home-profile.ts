/** Whose home this is: what reports print in their heading and foot. Kept in the journal (`home.configured`). */
export interface HomeProfile {
  /** Code of the province whose communes are reported, e.g. `31`. */
  readonly province: string;
  readonly parentAgency: string;
  readonly agency: string;
  /** Type and author sign after the register number: `BC-IOC`. */
  readonly sign: string;
  readonly place: string;
  readonly signature: {
    readonly authority: readonly string[];
    readonly title: string;
    readonly name: string | null;
  };
  readonly addressees: readonly string[];
  /** Nơi nhận. */
  readonly recipients: readonly string[];
  /** Mail addresses that get each edition. */
  readonly mailTo: readonly string[];
  /** Mail addresses of those who keep it running: they are told when something stands still. Empty: `mailTo`. */
  readonly alertTo: readonly string[];
  /** One person's home: rules that need a second person are off. */
  readonly solo: boolean;
  /** All data are invented by the simulated city. */
  readonly simulated: boolean;
}

/** A home before anybody configured it. */
export const unnamedHome: HomeProfile = {
  province: '31',
  parentAgency: 'Ủy ban nhân dân thành phố Hải Phòng',
  agency: 'Trung tâm Điều hành thông minh',
  sign: 'BC-IOC',
  place: 'Hải Phòng',
  signature: { authority: [], title: 'GIÁM ĐỐC', name: null },
  addressees: ['Ủy ban nhân dân thành phố Hải Phòng'],
  recipients: [
    'Như trên',
    'Các sở, ban, ngành thành phố',
    'Ủy ban nhân dân các xã, phường, đặc khu',
    'Lưu: VT, IOC',
  ],
  mailTo: [],
  alertTo: [],
  solo: false,
  simulated: false,
};
