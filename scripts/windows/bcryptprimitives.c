/* The one function of bcryptprimitives.dll that Rust's standard library calls, for a Wine older than 9. For tests alone.
   Source: https://learn.microsoft.com/windows/win32/seccng/processprng */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
