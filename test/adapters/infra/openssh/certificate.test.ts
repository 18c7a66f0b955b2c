import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../../src/adapters/infra/openssh/certificate.ts';

const bytes = (base64: string) => Buffer.from(base64, 'base64');

// Made with ssh-keygen of OpenSSH 9.2.
const HOST_KEY = bytes('AAAAC3NzaC1lZDI1NTE5AAAAIOAwIaf2EzJHDg9WZ3p+h+jLRXqQMZ1UdDE1Bb8BhOnz');
const HOST_CERTIFICATE = bytes(
  'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIDxFfW2FAhBQWGwt6JOgahF7QYRGSYegXCLrxcKkh1GrAAAAIOAwIaf2EzJHDg9WZ3p+h+jLRXqQMZ1UdDE1Bb8BhOnzAAAAAAAAAAAAAAACAAAABHRlc3QAAAAOAAAACmJ1aWxkZXItMDcAAAAAXgvhAAAAAABeNL+AAAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACCrkghOPzPJW9sCNKGovB8QdxisyAq4McrmGNTuPMC4gwAAAFMAAAALc3NoLWVkMjU1MTkAAABAllajt++1S1+taCYjOl+XyuxAdLu3JEGe6FimhtMckPXhnSPONPBYRIuRT7FDtC//V1/fsaNgQdzUvvUkrgXgBQ==',
);
const USER_KEY = bytes(
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFRNlf8HBrGW5Agk2MQUO2yLHjStP7umdQXdMBA3+hEBy53rX31wg+uthEssO33na5B3byGlrpjo5C/Ll/zPDRo=',
);
const USER_CERTIFICATE = bytes(
  'AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgJYcM0CjMYUS1nmJykcqyOThvTkYw0Rul3XlZypH1ZJ0AAAAIbmlzdHAyNTYAAABBBFRNlf8HBrGW5Agk2MQUO2yLHjStP7umdQXdMBA3+hEBy53rX31wg+uthEssO33na5B3byGlrpjo5C/Ll/zPDRoAAAAAAAAAAAAAAAEAAAABdQAAAAgAAAAEcm9vdAAAAAAAAAAA//////////8AAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACCrkghOPzPJW9sCNKGovB8QdxisyAq4McrmGNTuPMC4gwAAAFMAAAALc3NoLWVkMjU1MTkAAABA5281Gm108YQAvjCJnzJyU9pgxLOAjLUkTGn5XlAgQA3ksueFOKcCXi08vpoGOaGfEKs+/MGoAbZ4CvQSEcQ1Ag==',
);

describe('a certificate of OpenSSH', () => {
  it('says for how long it is valid, and which key it is for', () => {
    expect(parseCertificate(HOST_CERTIFICATE)).toEqual({
      plainKey: HOST_KEY,
      validAfter: new Date('2020-01-01T00:00:00Z'),
      validBefore: new Date('2020-02-01T00:00:00Z'),
    });
  });

  it('may be valid for ever', () => {
    const certificate = parseCertificate(USER_CERTIFICATE);
    expect(certificate?.plainKey).toEqual(USER_KEY);
    expect(certificate?.validBefore).toBeUndefined();
  });

  it('is not a plain key', () => {
    expect(parseCertificate(HOST_KEY)).toBeUndefined();
  });

  it('does not end early', () => {
    for (let length = 0; length < 150; length += 1) {
      expect(() => parseCertificate(HOST_CERTIFICATE.subarray(0, length))).toThrow(RangeError);
    }
  });
});
