/** One instruction of classic BPF (linux/filter.h): code, jump if true, jump if false, operand. */
export interface Instruction {
  code: number;
  jumpTrue: number;
  jumpFalse: number;
  operand: number;
}

const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const AND = 0x54;
const RETURN = 0x06;
const BYTES_PER_INSTRUCTION = 8;

/** SECCOMP_RET_ALLOW. */
export const ALLOW = 0x7fff0000;
/** SECCOMP_RET_KILL_PROCESS. */
export const KILL = 0x80000000;

/** SECCOMP_RET_ERRNO: the call fails with that error, and the process goes on. */
export function failWith(errno: number): number {
  return 0x00050000 | errno;
}

/** Offsets in struct seccomp_data. Of the arguments only the low halves are loaded (little endian). */
export const OFFSET = { number: 0, architecture: 4, argument: (index: number): number => 16 + 8 * index } as const;

export function load(offset: number): Instruction {
  return { code: LOAD_WORD, jumpTrue: 0, jumpFalse: 0, operand: offset };
}

/** Keeps of the loaded word the operand's bits. */
export function keepBits(operand: number): Instruction {
  return { code: AND, jumpTrue: 0, jumpFalse: 0, operand };
}

export function give(result: number): Instruction {
  return { code: RETURN, jumpTrue: 0, jumpFalse: 0, operand: result };
}

/** Goes on with the next instruction if the loaded word equals the operand, else skips that many. */
export function unlessEqualSkip(operand: number, skip: number): Instruction {
  return { code: JUMP_EQUAL, jumpTrue: 0, jumpFalse: skip, operand };
}

/** Skips that many instructions if the loaded word equals the operand. */
export function ifEqualSkip(operand: number, skip: number): Instruction {
  return { code: JUMP_EQUAL, jumpTrue: skip, jumpFalse: 0, operand };
}

/** Goes on with the next instruction if the loaded word is at least the operand, else skips that many. */
export function unlessAtLeastSkip(operand: number, skip: number): Instruction {
  return { code: JUMP_GREATER_OR_EQUAL, jumpTrue: 0, jumpFalse: skip, operand };
}

/** Goes on with the next instruction if the loaded word has any of the operand's bits, else skips that many. */
export function unlessAnyBitSkip(operand: number, skip: number): Instruction {
  return { code: JUMP_ANY_BIT, jumpTrue: 0, jumpFalse: skip, operand };
}

/** The program as the array of struct sock_filter that the system reads; both architectures are little endian. */
export function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * BYTES_PER_INSTRUCTION);
  program.forEach(({ code, jumpTrue, jumpFalse, operand }, index) => {
    const at = index * BYTES_PER_INSTRUCTION;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(jumpTrue, at + 2);
    bytes.writeUInt8(jumpFalse, at + 3);
    bytes.writeUInt32LE(operand >>> 0, at + 4);
  });
  return bytes;
}
