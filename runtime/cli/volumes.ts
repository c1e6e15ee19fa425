/** What an operator loses with a pod instance: its persistent volumes, in words. */

/** The part of `/v1/pod/<instance>/info` that tells of volumes. Sizes are MB. */
export type PodInfoBody = readonly {
  readonly info: {
    readonly name: string;
    readonly labels?: { readonly labels?: readonly { readonly key: string; readonly value?: string }[] };
    readonly resources?: readonly {
      readonly scalar?: { readonly value: number };
      readonly disk?: { readonly persistence?: object; readonly volume?: { readonly containerPath: string } };
    }[];
  };
}[];

/** Which data is destroyed when the instance is replaced. */
export function lossText(instance: string, tasks: PodInfoBody): string {
  const lines = tasks.flatMap(({ info }) => {
    const host = info.labels?.labels?.find((label) => label.key === 'offer_hostname')?.value;
    return (info.resources ?? [])
      .filter((resource) => resource.disk?.persistence)
      .map((resource) => {
        const { disk, scalar } = resource;
        return `- ${info.name}: ${disk?.volume?.containerPath ?? 'a volume'} (${scalar?.value ?? 0} MB) on ${host ?? 'its agent'}`;
      });
  });
  if (lines.length === 0) return `${instance} has no persistent volumes: no data is lost.`;
  return [`${instance} starts anew with empty volumes. The data in its old ones is destroyed:`, ...lines].join('\n');
}
