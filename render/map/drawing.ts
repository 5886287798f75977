/** The room a picture may take, in points. */
export interface PictureRoom {
  readonly width: number;
  readonly height: number;
}

/** SVG content and the height it takes. */
export interface Drawing {
  readonly svg: string;
  readonly height: number;
}
