namespace Crm.Api.Startup;
public static class DemoCommand { public static Task<int> Run(string[] args) => Task.FromResult(0); }
