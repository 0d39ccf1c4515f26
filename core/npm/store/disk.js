// The file system as the store uses it: one object, so that a test can make any call fail.
import * as fs from "node:fs";
import * as later from "node:fs/promises";

const { closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync, statfsSync, watch } = fs;

export const disk = { ...later, closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync, statfsSync, watch };
