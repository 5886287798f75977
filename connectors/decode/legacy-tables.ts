/** What the bytes of a one-byte encoding mean, where they do not mean ASCII. */
export interface ByteTable {
  /** Characters of the bytes 0x80–0xFF, in order. */
  readonly upper: string;
  /** Letters in the place of control characters. */
  readonly lower: Readonly<Record<number, string>>;
}

/**
 * TCVN3 ("ABC" fonts): the upper half of TCVN 5712:1993, VN1, with its combining marks at B0–B4; as in the character map
 * `TCVN5712-1` of the GNU C library. Capitals in the place of control characters are left out: ABC files have none, and
 * line ends are among them.
 */
export const tcvn3Table: ByteTable = {
  upper: [
    'ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ',
    '\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ',
    'ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò',
    'ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ',
  ].join(''),
  lower: {},
};

/** VISCII 1.1 (RFC 1456), six capitals of it in the place of control characters that no text file has. */
export const visciiTable: ByteTable = {
  upper: [
    'ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ',
    'ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ',
    'ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư',
    'àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ',
  ].join(''),
  lower: { 0x02: 'Ẳ', 0x05: 'Ẵ', 0x06: 'Ẫ', 0x14: 'Ỷ', 0x19: 'Ỹ', 0x1e: 'Ỵ' },
};
