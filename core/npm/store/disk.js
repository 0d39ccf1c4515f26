// File system calls of the stores, in one object, so that a test can make any of them fail.
import * as fs from "node:fs";
import * as later from "node:fs/promises";

const { closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync, statfsSync, watch } = fs;

export const disk = { ...later, closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync, statfsSync, watch };
