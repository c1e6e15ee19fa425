/**
 * What `scripts/build.js` generates from `schema/mesos/*.proto` into `generated.js`, as far as `codec.ts` uses it: nobody else
 * imports it. The messages are opaque here; their plain form is typed in `kit/mesos.ts`.
 */
export interface MessageClass {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  fromObject(value: object): object;
  toObject(
    message: object,
    how: { enums: StringConstructor; bytes: StringConstructor; longs: NumberConstructor },
  ): object;
}

export const mesos: {
  v1: {
    FrameworkID: MessageClass;
    TaskInfo: MessageClass;
    TaskStatus: MessageClass;
    scheduler: { Call: MessageClass; Event: MessageClass };
  };
};
