"""train_torch.py - the training step of examples/mnist in PyTorch, on one thread, for train.sh.
Times are those of the processor.
"""
import time

import torch

D, H, K, ROWS, STEPS, ROUNDS = 784, 512, 10, 128, 20, 10
torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Linear(D, H), torch.nn.ReLU(), torch.nn.Linear(H, K))
optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-3, alpha=0.9)
loss = torch.nn.CrossEntropyLoss()
x = torch.rand(ROWS, D)
y = torch.randint(K, (ROWS,))


def step():
    optimizer.zero_grad()
    loss(net(x), y).backward()
    optimizer.step()


best = float("inf")
for _ in range(ROUNDS):
    start = time.process_time()
    for _ in range(STEPS):
        step()
    best = min(best, (time.process_time() - start) / STEPS)
flops = 2 * ROWS * (2 * D * H + 3 * H * K)
print(f"{'PyTorch ' + torch.__version__.split('+')[0]:18} {1e3 * best:6.2f} ms/step  {flops / best * 1e-9:6.1f} GFlop/s")
