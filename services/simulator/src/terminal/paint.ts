// paint.ts: the colours of the output; without colour every function returns its text.

import type picocolors from 'picocolors';

export type Paint = ReturnType<typeof picocolors.createColors>;
