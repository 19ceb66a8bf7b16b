/**
 * Annotations for objects that are nothing but data: they are there when they are written and gone when
 * they are deleted. Waiting for more can miss the moment and then never end (seen with provider 4.18).
 */
export const plainObject = {
  "pulumi.com/skipAwait": "true",
  "pulumi.com/deletionPropagationPolicy": "background",
};
